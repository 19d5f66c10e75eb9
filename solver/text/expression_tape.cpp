/// From what an expression says to the tape that computes it.
#include <cmath>
#include <limits>

#include "solver/text/expression.hpp"

namespace porelith {
namespace {

using Value = TapeBuilder::Value;

Value value_of(TapeBuilder& builder, const ExpressionNode& node, const std::vector<Value>& known) {
  using Kind = ExpressionNode::Kind;
  switch (node.kind) {
    case Kind::number:
      return TapeBuilder::constant(node.number);
    case Kind::name:
      return TapeBuilder::argument(node.name);
    case Kind::negate:
      return builder.negate(known[node.a]);
    case Kind::add:
      return builder.add(known[node.a], known[node.b]);
    case Kind::subtract:
      return builder.subtract(known[node.a], known[node.b]);
    case Kind::multiply:
      return builder.multiply(known[node.a], known[node.b]);
    case Kind::divide:
      return builder.divide(known[node.a], known[node.b]);
    case Kind::power:
      return builder.power(known[node.a], known[node.b]);
    case Kind::function:
      break;
  }
  return node.b < 0 ? builder.apply(node.op, known[node.a]) : builder.extreme(node.op, known[node.a], known[node.b]);
}

}  // namespace

CompiledExpression compile_expression(const std::string& text, const std::vector<std::string>& names,
                                      NowhereFinite nowhere, const std::vector<Definition>& definitions) {
  ExpressionTree tree = parse_expression(text, names, definitions);
  TapeBuilder builder(static_cast<int>(names.size()));
  std::vector<Value> values;
  std::vector<bool> named;  // whether a name stands in it
  bool undefined = false;
  for (const ExpressionNode& node : tree.nodes) {
    const Value value = value_of(builder, node, values);
    named.push_back(node.kind == ExpressionNode::Kind::name || (node.a >= 0 && named[node.a]) ||
                    (node.b >= 0 && named[node.b]));
    if (!std::isfinite(value.scale) || !std::isfinite(value.shift)) {
      if (nowhere == NowhereFinite::refused || !named.back())
        throw NotFiniteError("this part is not a finite number", node.column);
      undefined = true;
    }
    values.push_back(value);
  }
  if (undefined) values.back() = TapeBuilder::constant(std::numeric_limits<double>::quiet_NaN());
  return {builder.finish(values.back()), std::move(tree.beyond_bpx)};
}

}  // namespace porelith
