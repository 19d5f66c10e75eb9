/// `explain KEY` and `schema`: what the keys of a case file mean.
#include <fmt/format.h>

#include <memory>

#include "program/verbs.hpp"
#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"
#include "solver/case/keys_page.hpp"
#include "solver/laws/registry.hpp"

namespace porelith {
namespace {

struct ExplainLine {
  std::string key;        ///< "" = all
  bool markdown = false;  ///< as docs/keys.md
};

std::string law_lines(const std::string& name, const LawFacts& law) {
  return fmt::format("{} [{}] of {} [{}] and T\n  {}\n  {}\n", name, law.unit, law.argument, law.argument_unit,
                     law.meaning, law.citation);
}

/// Every law of the registry.
std::string laws_page() {
  std::string text = "Laws of an electrolyte and an active material, with the cell file's numbers\n\n";
  for (const LawFacts& law : facts_of_laws()) text += law_lines(law.symbol, law) + "\n";
  text += "Laws of charge transfer: [negative] kinetics, [positive] kinetics; i0 is that of the cell file in each\n";
  for (const KineticsLaw* law : kinetics_laws()) text += "\n" + law_lines(law->name(), law->facts());
  return text;
}

}  // namespace

void declare_explain(Verb& verb) {
  auto line = std::make_shared<ExplainLine>();
  verb.optional_argument("KEY", line->key, "a table, a key, or table.key; or `laws`");
  verb.flag("--markdown", line->markdown, "all keys as the page docs/keys.md");
  verb.does(WorkOf::first_rank, [line] {
    tell(stdout, "{}", line->markdown ? keys_markdown() : line->key == "laws" ? laws_page() : explain(line->key));
    return exit_ok;
  });
}

void declare_schema(Verb& verb) {
  verb.does(WorkOf::first_rank, [] {
    tell(stdout, "{}", json_schema());
    return exit_ok;
  });
}

}  // namespace porelith
