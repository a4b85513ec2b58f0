#include "client/cli/import/handle_book.h"

#include "gtest/gtest.h"

namespace relata {
namespace {

TEST(HandleBookTest, PutsIdsInThePlaceOfHandles) {
  v1::Mutation entity;
  entity.mutable_create_entity()->set_handle("e1");
  entity.mutable_create_entity()->add_names()->set_handle("n");
  auto* const fact = entity.mutable_create_entity()->add_properties()->mutable_fact();
  fact->set_handle("f");
  v1::WriteResponse::MutationResult made;
  made.set_entity_id(17);
  made.add_fact_ids(100);
  made.add_fact_ids(101);
  HandleBook book;
  book.Learn(entity, made);

  v1::Mutation link;
  auto* const write = link.mutable_create_relationship();
  write->set_handle("r1");
  write->mutable_from()->set_handle("e1");
  write->mutable_to()->set_handle("later");
  write->add_facts()->add_citations()->mutable_source()->set_handle("e1");
  book.Resolve(&link);
  EXPECT_EQ(write->from().id(), 17u);
  EXPECT_EQ(write->to().handle(), "later");
  EXPECT_EQ(write->facts(0).citations(0).source().id(), 17u);
  v1::WriteResponse::MutationResult linked;
  linked.set_relationship_id(5);
  linked.add_fact_ids(200);
  book.Learn(link, linked);

  v1::Mutation cite;
  cite.mutable_cite()->mutable_fact()->set_handle("f");
  book.Resolve(&cite);
  EXPECT_EQ(cite.cite().fact().by_id().id(), 101u);
  EXPECT_EQ(cite.cite().fact().by_id().entity().id(), 17u);

  v1::Mutation set;
  set.mutable_set_property()->mutable_relationship()->set_handle("r1");
  book.Resolve(&set);
  EXPECT_EQ(set.set_property().relationship().id(), 5u);
}

}  // namespace
}  // namespace relata
