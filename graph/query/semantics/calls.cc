#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "graph/query/semantics/analysis.h"
#include "graph/query/semantics/expression_tree.h"
#include "graph/query/semantics/static_types.h"

// CALL of procedures.
namespace relata::query {
namespace {

absl::Status UnknownProcedure(const ast::CallClause& clause, const ProcedureRegistry& procedures) {
  std::vector<std::string> names;
  for (const std::shared_ptr<const Procedure>& procedure : procedures.All()) {
    names.push_back(procedure->name);
  }
  std::string message = absl::StrCat("there is no procedure `", clause.name, "`");
  const std::string near = NearestName(clause.name, names);
  absl::StrAppend(&message, near.empty() ? "; SHOW PROCEDURES lists those that exist"
                                         : absl::StrCat("; did you mean `", near, "`?"));
  return MakeQueryError(ErrorClass::kProcedure, ErrorPhase::kCompile, "ProcedureNotFound",
                        clause.name_span, message);
}

// An integer is welcome where a float is wanted.
TypeSet Accepted(TypeSet type) {
  return (type & types::kFloat) != 0 ? type | types::kNumber : type;
}

}  // namespace

absl::StatusOr<BoundClause> Analysis::BindProcedureCall(const ast::CallClause& clause, Span span) {
  BoundCall call;
  call.optional = clause.optional;
  call.procedure = procedures_.Find(clause.name);
  if (call.procedure == nullptr) return UnknownProcedure(clause, procedures_);
  if (call.procedure->writes) RELATA_RETURN_IF_ERROR(NoteWrite(span));
  if (clause.implicit_arguments) {
    RELATA_RETURN_IF_ERROR(BindImplicitArguments(clause, call));
  } else {
    RELATA_RETURN_IF_ERROR(BindCallArguments(clause, call));
  }
  RELATA_RETURN_IF_ERROR(BindYield(clause, span, call));
  if (clause.where) {
    rules_.place = "in WHERE";
    RELATA_ASSIGN_OR_RETURN(call.where, BindPredicate(*clause.where, "WHERE"));
    rules_ = {};
  }
  return BoundClause{span, std::move(call)};
}

absl::Status Analysis::BindCallArguments(const ast::CallClause& clause, BoundCall& call) {
  const std::vector<ProcedureField>& inputs = call.procedure->inputs;
  const size_t given = clause.args.size();
  const bool enough =
      given <= inputs.size() &&
      std::all_of(inputs.begin() + static_cast<ptrdiff_t>(given), inputs.end(),
                  [](const auto& input) { return input.default_value.has_value(); });
  if (!enough) {
    return SyntaxError(
        "InvalidNumberOfArguments", clause.name_span,
        absl::StrCat("the procedure does not take ", given,
                     given == 1 ? " argument: " : " arguments: ", call.procedure->Signature()));
  }
  rules_.place = "in the arguments of a procedure";
  for (size_t i = 0; i < given; ++i) {
    RELATA_ASSIGN_OR_RETURN(BoundExprPtr arg, BindExpr(*clause.args[i]));
    RELATA_RETURN_IF_ERROR(RequireType(*arg, Accepted(inputs[i].type),
                                       absl::StrCat("the argument `", inputs[i].name, "`")));
    call.args.push_back(std::move(arg));
  }
  rules_ = {};
  for (size_t i = given; i < inputs.size(); ++i) {
    call.args.push_back(MakeLiteralExpr(*inputs[i].default_value, clause.name_span));
  }
  return absl::OkStatus();
}

// CALL without parentheses: parameters of the inputs' names. Only as a statement of its own.
absl::Status Analysis::BindImplicitArguments(const ast::CallClause& clause, BoundCall& call) {
  const std::vector<ProcedureField>& inputs = call.procedure->inputs;
  if (!standalone_ && !inputs.empty()) {
    return SyntaxError("InvalidArgumentPassingMode", clause.name_span,
                       absl::StrCat("within a query the arguments are written in parentheses: ",
                                    call.procedure->Signature()));
  }
  for (const ProcedureField& input : inputs) {
    const bool given =
        parameters_ != nullptr &&
        std::any_of(parameters_->begin(), parameters_->end(),
                    [&input](const auto& parameter) { return parameter.first == input.name; });
    if (!given && !input.default_value) {
      return MakeQueryError(ErrorClass::kParameterMissing, ErrorPhase::kCompile, "MissingParameter",
                            clause.name_span,
                            absl::StrCat("the procedure needs the parameter $", input.name,
                                         ", since it is called without parentheses"));
    }
    if (!given) {
      call.args.push_back(MakeLiteralExpr(*input.default_value, clause.name_span));
      continue;
    }
    parameter_names_.insert(input.name);
    BoundExprPtr parameter = MakeExpr(BoundKind::kParameter, clause.name_span, types::kAny);
    parameter->name = input.name;
    call.args.push_back(std::move(parameter));
  }
  return absl::OkStatus();
}

absl::Status Analysis::BindYield(const ast::CallClause& clause, Span span, BoundCall& call) {
  const std::vector<ProcedureField>& outputs = call.procedure->outputs;
  if (clause.yield_star && !standalone_) {
    return UnexpectedSyntax(span,
                            "YIELD * is for a CALL that is a statement of its own; name the "
                            "columns that the query uses");
  }
  // Without YIELD the columns of a CALL in a query cannot be used: they are not defined.
  const bool all = clause.yield_star || (!clause.has_yield && standalone_);
  std::vector<ast::YieldItem> items = clause.yield;
  if (all) {
    items.clear();
    for (const ProcedureField& output : outputs) items.push_back({output.name, "", span});
  }
  for (const ast::YieldItem& item : items) {
    const auto field = std::find_if(outputs.begin(), outputs.end(), [&item](const auto& output) {
      return output.name == item.field;
    });
    if (field == outputs.end()) {
      return SyntaxError("UndefinedVariable", item.span,
                         absl::StrCat("the procedure has no column `", item.field,
                                      "`: ", call.procedure->Signature()));
    }
    const std::string& name = item.alias.empty() ? item.field : item.alias;
    if (scope_->Find(name)) {
      return AlreadyBound(name, item.span, "give the column another name with AS");
    }
    const TypeSet type = field->type == types::kAny ? types::kAny : field->type | types::kNull;
    const VariableId variable = NewVariable(name, type);
    Declare(name, variable);
    call.outputs.push_back({static_cast<size_t>(field - outputs.begin()), variable});
    if (standalone_) last_outputs_.push_back(variable);
  }
  return absl::OkStatus();
}

}  // namespace relata::query
