/// `explain KEY` and `schema`: what the keys of a case file mean.
#include <memory>

#include "program/verbs.hpp"
#include "solver/base/error.hpp"
#include "solver/base/tell.hpp"
#include "solver/case/keys_page.hpp"

namespace porelith {
namespace {

struct ExplainLine {
  std::string key;        ///< "" = all
  bool markdown = false;  ///< as docs/keys.md
};

}  // namespace

void declare_explain(Verb& verb) {
  auto line = std::make_shared<ExplainLine>();
  verb.optional_argument("KEY", line->key, "a table, a key, or table.key");
  verb.flag("--markdown", line->markdown, "all keys as the page docs/keys.md");
  verb.does(WorkOf::first_rank, [line] {
    tell(stdout, "{}", line->markdown ? keys_markdown() : explain(line->key));
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
