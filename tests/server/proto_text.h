#ifndef RELATA_TESTS_SERVER_PROTO_TEXT_H_
#define RELATA_TESTS_SERVER_PROTO_TEXT_H_

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

namespace relata {

// The message that `text` writes in protobuf's text format; the test fails where it writes none.
template <typename Message>
Message Proto(const std::string& text) {
  Message proto;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &proto)) << text;
  return proto;
}

}  // namespace relata

#endif  // RELATA_TESTS_SERVER_PROTO_TEXT_H_
