#include "graph/query/semantics/analysis.h"

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/semantics/analyzer.h"
#include "graph/query/semantics/expression_tree.h"

namespace relata::query {

Analysis::Analysis(BoundStatement* statement, absl::string_view text,
                   const ProcedureRegistry& procedures, const Datum::Map* parameters,
                   CompileWatch* watch)
    : statement_(*statement),
      text_(text),
      procedures_(procedures),
      parameters_(parameters),
      watch_(watch) {}

absl::Status Analysis::BindStatement(const ast::Statement& statement) {
  using Mode = ast::Statement::Mode;
  statement_.mode = statement.mode == Mode::kExplain   ? BoundStatement::Mode::kExplain
                    : statement.mode == Mode::kProfile ? BoundStatement::Mode::kProfile
                                                       : BoundStatement::Mode::kRun;
  statement_.contexts.emplace_back();
  frames_.emplace_back();
  Scope scope;
  scope_ = &scope;
  // What stands before the first part holds for all of them.
  if (!statement.query.parts.empty()) {
    const ast::SingleQuery& first = statement.query.parts.front();
    RELATA_RETURN_IF_ERROR(FillTimeContext(first.time, statement_.contexts[0]));
  }
  RELATA_ASSIGN_OR_RETURN(statement_.query, BindQuery(statement.query, QueryPlace::kStatement));
  statement_.writes = writes_;
  statement_.uses_system_time = system_time_.has_value();
  if (writes_ && system_time_) {
    return SyntaxError("InvalidClauseComposition", *system_time_,
                       "FOR SYSTEM_TIME reads the past, which cannot be changed: leave it out of "
                       "a statement that writes");
  }
  statement_.parameters.assign(parameter_names_.begin(), parameter_names_.end());
  return absl::OkStatus();
}

VariableId Analysis::NewVariable(absl::string_view name, TypeSet type, TypeSet element) {
  statement_.variables.push_back({std::string(name), type, true});
  elements_.push_back(element);
  owners_.push_back(frames_.size() - 1);
  return static_cast<VariableId>(statement_.variables.size() - 1);
}

VariableId Analysis::NewAnonymous(absl::string_view stem, TypeSet type) {
  const VariableId variable = NewVariable("", type);
  statement_.variables[variable].name = absl::StrCat("  ", stem, variable);
  statement_.variables[variable].named = false;
  return variable;
}

void Analysis::Declare(absl::string_view name, VariableId variable) {
  scope_->names[std::string(name)] = variable;
}

std::optional<VariableId> Analysis::Lookup(absl::string_view name) {
  const std::optional<VariableId> variable = scope_->Find(name);
  if (variable) NoteUse(*variable);
  return variable;
}

void Analysis::NoteUse(VariableId variable) {
  for (size_t i = owners_[variable] + 1; i < frames_.size(); ++i) frames_[i].insert(variable);
}

absl::StatusOr<VariableId> Analysis::Resolve(absl::string_view name, Span span) {
  if (const std::optional<VariableId> variable = Lookup(name)) return *variable;
  return Undefined(name, span);
}

absl::Status Analysis::Undefined(absl::string_view name, Span span) const {
  std::string message = absl::StrCat("the variable `", name, "` is not defined here");
  // A name of one letter is near to every other one.
  const std::string near =
      name.size() > 1 ? NearestName(name, scope_->VisibleNames()) : std::string();
  if (call_scope_ != nullptr && call_scope_->Find(name)) {
    absl::StrAppend(&message, "; import it into the subquery: CALL (", name, ") { … }");
  } else if (!near.empty()) {
    absl::StrAppend(&message, "; did you mean `", near, "`?");
  } else {
    absl::StrAppend(&message, "; bind it in an earlier clause, and pass it on through WITH");
  }
  return SyntaxError("UndefinedVariable", span, message);
}

absl::Status Analysis::AlreadyBound(absl::string_view name, Span span,
                                    absl::string_view what) const {
  return SyntaxError("VariableAlreadyBound", span,
                     absl::StrCat("the variable `", name, "` is bound already; ", what));
}

BoundExprPtr Analysis::Use(VariableId variable, Span span) {
  NoteUse(variable);
  return MakeVariableExpr(variable, span, TypeOf(variable));
}

std::string Analysis::Quoted(Span span) const {
  constexpr size_t kMost = 60;
  if (span.begin >= span.end || span.end > text_.size()) return "the expression";
  const absl::string_view part = text_.substr(span.begin, span.end - span.begin);
  if (part.size() <= kMost) return absl::StrCat("`", part, "`");
  return absl::StrCat("`", part.substr(0, kMost), "…`");
}

TypeSet Analysis::ElementOf(const BoundExpr& list) const {
  switch (list.kind) {
    case BoundKind::kVariable:
      return ElementOf(list.variable);
    case BoundKind::kSlice:
      return ElementOf(*list.args[0]);
    case BoundKind::kList: {
      if (list.args.empty()) return types::kAny;
      TypeSet element = 0;
      for (const BoundExprPtr& arg : list.args) element |= arg->type;
      return element;
    }
    case BoundKind::kLiteral: {
      if (!list.literal.is_list() || list.literal.AsList().empty()) return types::kAny;
      TypeSet element = 0;
      for (const Datum& d : list.literal.AsList()) element |= TypeSetOf(d);
      return element;
    }
    case BoundKind::kListComprehension:
      return list.args[2] ? list.args[2]->type : ElementOf(*list.args[0]);
    default:
      return types::kAny;
  }
}

absl::Status UnexpectedSyntax(Span span, absl::string_view message) {
  return SyntaxError("UnexpectedSyntax", span, message);
}

absl::StatusOr<std::unique_ptr<BoundStatement>> Analyze(const ast::Statement& statement,
                                                        absl::string_view text,
                                                        const ProcedureRegistry& procedures,
                                                        const Datum::Map* parameters,
                                                        CompileWatch* watch) {
  auto bound = std::make_unique<BoundStatement>();
  Analysis analysis(bound.get(), text, procedures, parameters, watch);
  RELATA_RETURN_IF_ERROR(analysis.BindStatement(statement));
  return bound;
}

}  // namespace relata::query
