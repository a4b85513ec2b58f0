#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "graph/query/syntax/ast_printer.h"
#include "graph/query/syntax/ast_text.h"

namespace relata::query {

std::string AstText(const ast::Statement& statement) {
  AstPrinter printer;
  printer.Print(statement);
  return printer.Take();
}

void AstPrinter::Line(absl::string_view text) {
  Add(std::string(static_cast<size_t>(depth_) * 2, ' '));
  Add(text);
  Add("\n");
}

void AstPrinter::ExprLine(absl::string_view word, const ast::ExprPtr& expr) {
  if (expr == nullptr) return;
  Add(std::string(static_cast<size_t>(depth_) * 2, ' '));
  Add(word);
  Add(" ");
  Print(*expr);
  Add("\n");
}

void AstPrinter::PathLine(absl::string_view word, const ast::PathPattern& path) {
  Add(std::string(static_cast<size_t>(depth_) * 2, ' '));
  Add(word);
  Add(" ");
  PrintPath(path);
  Add("\n");
}

void AstPrinter::Print(const ast::Statement& statement) {
  if (statement.mode == ast::Statement::Mode::kExplain) Line("explain");
  if (statement.mode == ast::Statement::Mode::kProfile) Line("profile");
  PrintQuery(statement.query);
}

void AstPrinter::PrintQuery(const ast::Query& query) {
  for (size_t i = 0; i < query.parts.size(); ++i) {
    if (i > 0) Line(query.union_all[i - 1] ? "union all" : "union");
    PrintSingle(query.parts[i]);
  }
}

void AstPrinter::PrintSingle(const ast::SingleQuery& query) {
  PrintTime(query.time);
  if (query.portion) PrintPortion(*query.portion);
  for (const ast::Clause& clause : query.clauses) {
    std::visit([this](const auto& body) { PrintClause(body); }, clause.body);
  }
}

void AstPrinter::PrintTime(const ast::TimeClauses& time) {
  if (time.valid) {
    using Kind = ast::ValidTimeClause::Kind;
    const absl::string_view certainly = time.valid->certainly ? " certainly" : "";
    if (time.valid->kind == Kind::kAll) Line("valid-time all");
    if (time.valid->kind == Kind::kAsOf) {
      ExprLine(absl::StrCat("valid-time", certainly, " as-of"), time.valid->from);
    }
    if (time.valid->kind == Kind::kFromTo) {
      ExprLine(absl::StrCat("valid-time", certainly, " from"), time.valid->from);
      ExprLine("valid-time to", time.valid->to);
    }
  }
  if (time.system) {
    ExprLine("system-time as-of", time.system->time);
    ExprLine("system-time version", time.system->version);
  }
  if (time.belief) ExprLine("belief", time.belief->policy);
}

void AstPrinter::PrintPortion(const ast::PortionClause& portion) {
  ExprLine("portion from", portion.from);
  ExprLine("portion to", portion.to);
}

void AstPrinter::PrintOptions(const ast::WriteOptions& options) {
  if (options.portion) PrintPortion(*options.portion);
  ExprLine("citing", options.citing);
}

void AstPrinter::PrintClause(const ast::MatchClause& clause) {
  Line(absl::StrCat(clause.optional ? "optional match" : "match",
                    clause.different_relationships ? "" : " repeatable"));
  const Indent indent(this);
  for (const ast::PathPattern& path : clause.patterns) PathLine("path", path);
  PrintTime(clause.time);
  ExprLine("where", clause.where);
}

void AstPrinter::PrintClause(const ast::UnwindClause& clause) {
  std::string head = absl::StrCat("unwind ", clause.name);
  if (!clause.position.empty()) {
    absl::StrAppend(&head, clause.from_one ? " ordinality " : " offset ", clause.position);
  }
  ExprLine(absl::StrCat(head, " ="), clause.list);
}

void AstPrinter::PrintClause(const ast::ProjectionClause& clause) {
  Line(absl::StrCat(clause.is_return ? "return" : (clause.is_let ? "let" : "with"),
                    clause.distinct ? " distinct" : "", clause.star ? " *" : ""));
  const Indent indent(this);
  for (const ast::ProjectionItem& item : clause.items) {
    ExprLine(absl::StrCat("item `", item.alias.empty() ? item.text : item.alias,
                          item.alias.empty() ? "`" : "` as"),
             item.expr);
  }
  for (const ast::SortItem& item : clause.order) {
    const absl::string_view nulls =
        !item.nulls_first ? "" : (*item.nulls_first ? " nulls-first" : " nulls-last");
    ExprLine(absl::StrCat("order", item.descending ? " descending" : "", nulls), item.expr);
  }
  ExprLine("skip", clause.skip);
  ExprLine("limit", clause.limit);
  ExprLine("where", clause.where);
}

void AstPrinter::PrintClause(const ast::FinishClause&) { Line("finish"); }

void AstPrinter::PrintClause(const ast::CreateClause& clause) {
  Line("create");
  const Indent indent(this);
  for (const ast::PathPattern& path : clause.patterns) PathLine("path", path);
  PrintOptions(clause.options);
}

void AstPrinter::PrintLabelList(absl::string_view word, const ast::ExprPtr& target,
                                const std::vector<ast::LabelExprPtr>& labels) {
  Add(std::string(static_cast<size_t>(depth_) * 2, ' '));
  Add(absl::StrCat(word, " "));
  Print(*target);
  for (const ast::LabelExprPtr& label : labels) {
    Add(" :");
    PrintLabels(*label);
  }
  Add("\n");
}

void AstPrinter::PrintSetItems(absl::string_view word, const std::vector<ast::SetItem>& items) {
  using Kind = ast::SetItem::Kind;
  for (const ast::SetItem& item : items) {
    if (item.kind == Kind::kLabels) {
      PrintLabelList(absl::StrCat(word, " labels"), item.target, item.labels);
      continue;
    }
    const absl::string_view kind = item.kind == Kind::kProperty          ? " property"
                                   : item.kind == Kind::kDynamicProperty ? " dynamic-property"
                                   : item.kind == Kind::kReplace         ? " replace"
                                                                         : " merge";
    ExprLine(absl::StrCat(word, kind), item.target);
    const Indent indent(this);
    ExprLine("value", item.value);
  }
}

void AstPrinter::PrintClause(const ast::SetClause& clause) {
  Line("set");
  const Indent indent(this);
  PrintSetItems("item", clause.items);
  PrintOptions(clause.options);
}

void AstPrinter::PrintClause(const ast::RemoveClause& clause) {
  Line("remove");
  const Indent indent(this);
  for (const ast::RemoveItem& item : clause.items) {
    if (item.kind == ast::RemoveItem::Kind::kLabels) {
      PrintLabelList("item labels", item.target, item.labels);
    } else {
      ExprLine("item property", item.target);
    }
  }
  PrintOptions(clause.options);
}

void AstPrinter::PrintClause(const ast::DeleteClause& clause) {
  Line(clause.detach ? "detach delete" : "delete");
  const Indent indent(this);
  for (const ast::ExprPtr& expr : clause.exprs) ExprLine("item", expr);
  PrintOptions(clause.options);
}

void AstPrinter::PrintClause(const ast::MergeClause& clause) {
  Line("merge");
  const Indent indent(this);
  PathLine("path", clause.pattern);
  PrintSetItems("on-create", clause.on_create);
  PrintSetItems("on-match", clause.on_match);
  PrintOptions(clause.options);
}

void AstPrinter::PrintClause(const ast::ForeachClause& clause) {
  ExprLine(absl::StrCat("foreach ", clause.name, " ="), clause.list);
  const Indent indent(this);
  for (const std::unique_ptr<ast::Clause>& inner : clause.body) {
    std::visit([this](const auto& body) { PrintClause(body); }, inner->body);
  }
}

void AstPrinter::PrintYield(bool star, const std::vector<ast::YieldItem>& items,
                            const ast::ExprPtr& where) {
  if (star) Line("yield *");
  for (const ast::YieldItem& item : items) {
    Line(absl::StrCat("yield ", item.field, item.alias.empty() ? "" : " as ", item.alias));
  }
  ExprLine("where", where);
}

void AstPrinter::PrintClause(const ast::CallClause& clause) {
  Line(absl::StrCat(clause.optional ? "optional call " : "call ", clause.name,
                    clause.implicit_arguments ? " implicitly" : "",
                    clause.has_yield ? " yielding" : ""));
  const Indent indent(this);
  for (const ast::ExprPtr& arg : clause.args) ExprLine("argument", arg);
  PrintYield(clause.yield_star, clause.yield, clause.where);
}

void AstPrinter::PrintClause(const ast::SubqueryClause& clause) {
  using OnError = ast::SubqueryClause::OnError;
  std::string head = clause.optional ? "optional subquery" : "subquery";
  if (clause.import_all) absl::StrAppend(&head, " (*)");
  if (clause.imports && !clause.import_all) {
    absl::StrAppend(
        &head, " (",
        absl::StrJoin(*clause.imports, ", ",
                      [](std::string* out, const auto& import) { *out += import.first; }),
        ")");
  }
  Line(head);
  const Indent indent(this);
  PrintQuery(*clause.query);
  if (!clause.in_transactions) return;
  Line(absl::StrCat("in transactions",
                    clause.on_error == OnError::kContinue ? " on error continue" : "",
                    clause.on_error == OnError::kBreak ? " on error break" : "",
                    clause.report_status_as.empty() ? "" : " report as ", clause.report_status_as));
  ExprLine("concurrent", clause.concurrency);
  ExprLine("of rows", clause.batch_rows);
}

void AstPrinter::PrintClause(const ast::SchemaCommand& clause) {
  using Kind = ast::SchemaCommand::Kind;
  using Constraint = ast::SchemaCommand::Constraint;
  constexpr absl::string_view kKinds[] = {"create index", "drop index", "create constraint",
                                          "drop constraint"};
  constexpr absl::string_view kConstraints[] = {"unique",       "exists", "typed",   "ends",
                                                "one-per-pair", "inline", "node-key"};
  Line(absl::StrCat(kKinds[static_cast<size_t>(clause.kind)], clause.name.empty() ? "" : " ",
                    clause.name, clause.if_not_exists ? " if-not-exists" : "",
                    clause.if_exists ? " if-exists" : ""));
  if (clause.label.empty()) return;
  const Indent indent(this);
  Line(absl::StrCat(clause.on_relationship ? "type " : "label ", clause.label));
  if (clause.kind == Kind::kCreateConstraint || clause.kind == Kind::kDropConstraint) {
    Line(absl::StrCat("require ", kConstraints[static_cast<size_t>(clause.constraint)]));
  }
  if (!clause.properties.empty()) {
    Line(absl::StrCat("properties ", absl::StrJoin(clause.properties, ", ")));
  }
  if (!clause.types.empty()) Line(absl::StrCat("types ", absl::StrJoin(clause.types, ", ")));
  if (clause.constraint == Constraint::kEnds) {
    Line(absl::StrCat("from ", absl::StrJoin(clause.from_labels, ", "), " to ",
                      absl::StrJoin(clause.to_labels, ", ")));
  }
}

void AstPrinter::PrintClause(const ast::ShowCommand& clause) {
  constexpr absl::string_view kKinds[] = {"indexes", "constraints", "transactions", "procedures",
                                          "functions"};
  Line(absl::StrCat("show ", kKinds[static_cast<size_t>(clause.kind)]));
  const Indent indent(this);
  PrintYield(clause.yield_star, clause.yield, clause.where);
}

void AstPrinter::PrintClause(const ast::TerminateCommand& clause) {
  Line("terminate");
  const Indent indent(this);
  for (const ast::ExprPtr& id : clause.ids) ExprLine("id", id);
}

}  // namespace relata::query
