#include "postprocess/design_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "solver/base/stamp.hpp"
#include "solver/base/tell.hpp"

namespace porelith {
namespace {

/// Text in a page: <, >, & and quotes stand for themselves.
std::string plain(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// RFC 4648.
std::string base64(const std::string& bytes) {
  static const char* letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t k = 0; k < bytes.size(); k += 3) {
    unsigned word = 0;
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - k);
    for (std::size_t i = 0; i < 3; ++i) word = word << 8 | (i < n ? static_cast<unsigned char>(bytes[k + i]) : 0u);
    for (std::size_t i = 0; i < 4; ++i) out += i <= n ? letters[word >> (18 - 6 * i) & 63] : '=';
  }
  return out;
}

std::string picture(const DesignPage& page, const std::string& name, const std::string& caption) {
  std::ifstream file(std::filesystem::path(page.picture_folder) / (name + ".svg"), std::ios::binary);
  if (!file) return "";
  const std::string svg{std::istreambuf_iterator<char>(file), {}};
  return fmt::format(
      "<figure><img alt=\"{0}\" src=\"data:image/svg+xml;base64,{1}\"><figcaption>{0}</figcaption></figure>\n",
      plain(caption), base64(svg));
}

std::string percent(double part) {
  return std::isfinite(part) ? fmt::format("{:+.1f}&nbsp;%", 100 * part) : "no value";
}

std::string unit_of(const DesignOutcome& o) {
  return o.objective_unit == "A.h" ? "A&nbsp;h" : o.objective_unit == "W.h" ? "W&nbsp;h" : plain(o.objective_unit);
}

std::string with_unit(const DesignOutcome& o, double value) {
  const std::string unit = unit_of(o);
  if (!std::isfinite(value)) return "no finite number";
  return fmt::format("{:.5g}{}{}", value, unit.empty() ? "" : "&nbsp;", unit);
}

std::string row(const std::vector<std::string>& cells, const char* tag = "td") {
  std::string text = "<tr>";
  for (const std::string& cell : cells) text += fmt::format("<{0}>{1}</{0}>", tag, cell);
  return text + "</tr>\n";
}

double gain_over(const DesignOutcome& o, const Confirmed& rival) {
  return gain(o, o.optimum.value_finer, rival.value_finer);
}

std::string card(const std::string& figure, const std::string& meaning) {
  return fmt::format("<div><b>{}</b><span>{}</span></div>\n", figure, meaning);
}

std::string cards(const DesignOutcome& o) {
  std::string text = "<div class=cards>\n" +
                     card(with_unit(o, o.optimum.value_finer), plain(o.objective) + " of the " + o.optimum.name) +
                     card(percent(gain_over(o, o.baseline)), "over the given baseline");
  if (!o.rivals.empty())
    text +=
        card(percent(gain_over(o, o.rivals.front())), "over the best of <i>" + plain(o.rivals.front().name) + "</i>");
  return text + card(std::to_string(o.solves_of_loop), "solves") +
         card(duration_text(o.seconds), "for everything here") + "</div>\n";
}

/// "the best of <i>a</i> (1 A h, +3 %), of <i>b</i> (...)"
std::string named(const DesignOutcome& o, const std::vector<const Confirmed*>& rivals) {
  std::string text;
  for (std::size_t k = 0; k < rivals.size(); ++k)
    text +=
        fmt::format("{}of <i>{}</i> ({}; the optimum: {})",
                    k == 0                   ? "the best "
                    : k + 1 == rivals.size() ? " and "
                                             : ", ",
                    plain(rivals[k]->name), with_unit(o, rivals[k]->value_finer), percent(gain_over(o, *rivals[k])));
  return text;
}

/// What the figures mean for who builds electrodes, in two sentences.
std::string meaning(const DesignOutcome& o) {
  std::vector<const Confirmed*> beaten, unbeaten;
  for (const Confirmed& rival : o.rivals) (gain_over(o, rival) >= 0 ? beaten : unbeaten).push_back(&rival);
  std::string text = fmt::format(
      "<p class=lead>Within its design space the study {} <b>{}</b> from {} to <b>{}</b>, {} over the given baseline",
      o.maximise ? "raises" : "lowers", plain(o.objective), with_unit(o, o.baseline.value_finer),
      with_unit(o, o.optimum.value_finer), percent(gain_over(o, o.baseline)));
  text += beaten.empty()
              ? ". "
              : fmt::format(
                    "; but part of that any well-chosen electrode gains, and what remains over the best rivals "
                    "is what the design itself is worth: it beats {}. ",
                    named(o, beaten));
  text += unbeaten.empty() ? ""
                           : fmt::format("Who may leave the design space should: {} {} better still.",
                                         named(o, unbeaten), unbeaten.size() > 1 ? "are" : "is");
  return text + "</p>\n";
}

/// A gain in words; what no finer mesh or time step would bear out counts as nothing.
std::string compared(double gain) {
  constexpr double nothing = 1e-6;
  if (std::abs(gain) <= nothing) return "as good to one part in a million";
  return fmt::format("{} by {:.2g}&nbsp;%", gain > 0 ? "better" : "<b>worse</b>", 100 * std::abs(gain));
}

std::string without_surrogate(const DesignOutcome& o) {
  const SolverSearch& s = o.solver_only;
  if (s.solves == 0) return "";
  std::string text =
      fmt::format("<p>Without a surrogate, {} from {} starting points, one after the other, ", s.method, s.climbs);
  text += s.solves_to_reach >= 0
              ? fmt::format("came to {}, the optimum up to 0.1 %, after {} solves, and in {} solves to {}",
                            with_unit(o, s.target), s.solves_to_reach, s.solves, with_unit(o, s.best))
              : fmt::format("came to {} in {} solves, and not to {}, the optimum up to 0.1 %", with_unit(o, s.best),
                            s.solves, with_unit(o, s.target));
  text += fmt::format("; the study's optimum is {} on the same mesh, {}. On the finer one it is {} against {}.",
                      with_unit(o, o.optimum.value), compared(gain(o, o.optimum.value, s.best)),
                      with_unit(o, o.optimum.value_finer), with_unit(o, s.best_finer));
  if (s.solves_to_reach >= 0 && s.solves_to_reach < o.solves_of_loop)
    text +=
        " For this one optimum a search on the solver alone would have been quicker; the surrogate is worth its "
        "samples where many questions are asked of it.";
  return text + "</p>\n";
}

/// "SLSQP from 8 starting points: 104 solves and 95 gradients, which cost as much as 171 solves"
std::string gradient_cost(const GradientFound& g) {
  return fmt::format("{} from {} starting points: {} solves and {} gradients, as much linear work as {:.0f} solves",
                     g.method, g.starts, g.solves, g.gradients, g.cost);
}

std::string along_slopes(const DesignOutcome& o) {
  const GradientFound& g = o.by_gradient;
  if (g.solves == 0 || o.strategy == "gradient") return "";
  std::string text = fmt::format("<p>Along the solver's own slopes, {}, came to {} on the case's mesh, {}",
                                 gradient_cost(g), with_unit(o, g.best), compared(gain(o, o.optimum.value, g.best)));
  text += g.cost_to_reach >= 0 ? fmt::format(", and after {:.0f} to {}, the optimum up to 0.1 %", g.cost_to_reach,
                                             with_unit(o, g.target))
                               : fmt::format(", and not to {}, the optimum up to 0.1 %", with_unit(o, g.target));
  text += fmt::format(". On the finer mesh it is {}.", with_unit(o, g.best_finer));
  for (const std::string& name : g.by_differences)
    text += fmt::format(" Slopes by {} are differences of solves.", plain(name));
  return text + "</p>\n";
}

std::string summary(const DesignOutcome& o) {
  std::string text = cards(o);
  text += o.pole.empty() ? meaning(o) : "<p class=lead><b>No optimum.</b> " + plain(o.pole) + ".</p>\n";
  text += o.finer == 1 ? "<p>All these are values of the solver on the case's mesh, not of the surrogate. "
                       : fmt::format(
                             "<p>All these are values of the solver on a mesh {:g} times as fine as the case's "
                             "({}), not of the surrogate. ",
                             o.finer, plain(o.refined));
  text += o.constraints.empty() ? ""
          : o.optimum.allowed   ? "All constraints hold there. "
                                : "<b>Not all constraints hold there: this design must not be used as it is.</b> ";
  text += fmt::format("The loop ended because {}. ", plain(o.ended));
  if (!o.optimum.on_bounds.empty())
    text += fmt::format("The optimum lies on a bound of {}: a wider design space may hold a better one.",
                        plain(fmt::format("{}", fmt::join(o.optimum.on_bounds, ", "))));
  text += "</p>\n";
  for (const LeftOut& left : o.left_out) text += "<p>" + plain(left.sentence()) + ".</p>\n";
  for (const std::string& sentence : o.notes) text += "<p>" + plain(sentence) + "</p>\n";
  return text;
}

std::string listed(const std::vector<std::string>& names, const std::vector<double>& values) {
  std::string text;
  for (std::size_t k = 0; k < values.size(); ++k)
    text += fmt::format("{}<span class=one>{}&nbsp;=&nbsp;{:.4g}</span>", k ? ", " : "", plain(names[k]), values[k]);
  return text;
}

std::string designs_table(const DesignOutcome& o) {
  std::vector<std::string> head{
      "design", "variables", plain(o.objective), "on the case's mesh", "optimum's gain over it", "its own gain"};
  if (!o.constraints.empty()) head.insert(head.begin() + 4, "constraints, >= 0");
  std::string text =
      "<table><caption>Designs, solved on the finer mesh and on the case's own</caption>\n" + row(head, "th");
  std::vector<const Confirmed*> all{&o.baseline, &o.optimum};
  for (const Confirmed& rival : o.rivals) all.push_back(&rival);
  for (const Confirmed* c : all) {
    std::string own;
    for (const Confirmed& rival : o.rivals)
      if (!c->against.empty() && rival.name == c->against)
        own = fmt::format("{} over <i>{}</i>", percent(gain(o, c->value_finer, rival.value_finer)), plain(rival.name));
    std::string name = c == &o.optimum ? "<b>" + plain(c->name) + "</b>" : plain(c->name);
    if (!c->meaning.empty()) name += "<br><span class=small>" + plain(c->meaning) + "</span>";
    std::vector<std::string> cells{name,
                                   listed(c->variables, c->x),
                                   with_unit(o, c->value_finer),
                                   with_unit(o, c->value),
                                   c == &o.optimum ? "" : percent(gain_over(o, *c)),
                                   own};
    if (!o.constraints.empty()) cells.insert(cells.begin() + 4, listed(o.constraints, c->constraints_finer));
    text += row(cells);
  }
  return text + "</table>\n";
}

std::string cost_table(const DesignOutcome& o, const DesignPage& page) {
  std::string text = fmt::format("<table class=numbers><caption>Solves and time, {} thread{}</caption>\n", page.threads,
                                 page.threads == 1 ? "" : "s") +
                     row({"part", "solves", "wall time", "sum over its solves"}, "th");
  long solves = 0;
  double solver_seconds = 0;
  for (const Cost& c : o.costs) {
    solves += c.solves;
    solver_seconds += c.solver_seconds;
    text += row({plain(c.part), c.solves > 0 ? std::to_string(c.solves) : "", fmt::format("{:.2f} s", c.seconds),
                 c.solves > 0 ? fmt::format("{:.2f} s", c.solver_seconds) : ""});
  }
  const char* const parts = o.strategy == "surrogate"    ? "Sampling, training, rounds and last steps are"
                            : o.strategy == "economical" ? "Dear and cheap solves, learning and search on the model are"
                                                         : "The search along slopes is";
  return text +
         row({"<b>all</b>", std::to_string(solves), fmt::format("{:.2f} s", o.seconds),
              fmt::format("{:.2f} s", solver_seconds)}) +
         fmt::format(
             "</table>\n<p class=small>{} the study itself, {} solves; "
             "what follows is check and comparison. An answer counts once, where it was first asked for; one kept from "
             "an earlier, interrupted session counts as a solve, not as wall time.</p>\n",
             parts, o.solves_of_loop);
}

/// The gate on designs that no search has picked: with the calibrated interval, and as wide as proposals need it.
std::string fresh_table(const DesignOutcome& o) {
  const GateCheck& g = o.gate;
  std::string text = fmt::format(
      "<table class=numbers><caption>The gate held against {} fresh random designs, each solved; {} inside their "
      "calibrated "
      "90 % intervals, mean error {}</caption>\n",
      g.fresh, g.covered, with_unit(o, g.mean_error));
  text += row({"intervals", "accepted", "of these outside the interval", "of these off by more than the gate allows",
               "largest error accepted"},
              "th");
  const auto line = [&](const std::string& name, const GateCount& count) {
    return row({name, std::to_string(count.accepted), std::to_string(count.outside), std::to_string(count.wrong),
                count.accepted > 0 ? with_unit(o, count.worst) : ""});
  };
  return text + line("as calibrated", g.plain) +
         line(fmt::format("widened by {:.2f}, as for proposals", o.widening), g.widened) + "</table>\n";
}

/// What an economical study bought, and how its model fared.
std::string economy_text(const DesignOutcome& o) {
  std::string text = fmt::format(
      "<p>A model of the solver's answers foretold, {} solves on the case's mesh and {} cheap ones corrected it, {} of "
      "them with slopes: the linear work of {:.1f} solves on the case's mesh. {} times the model's word was taken in "
      "place of a cheap solve; {} solves went where an optimum might have hidden. {}.</p>\n",
      o.dear_solves, o.cheap_solves, o.slopes_asked, o.work, o.words_taken, o.scouts, plain(o.ended));
  if (std::isfinite(o.explained))
    text += fmt::format("<p>What stands below explains {:.1f} % of the slopes on the case's mesh.</p>\n",
                        100 * o.explained);
  if (o.taken_over > 0)
    text += fmt::format("<p>{} solved points of other studies were taken over.</p>\n", o.taken_over);
  text += "<table class=numbers><caption>Solves on the case's mesh, in their order</caption>\n" +
          row({"", "foretold", "90 % half width", "solved", "inside"}, "th");
  for (const Candidate& c : o.candidates)
    text += row({std::to_string(&c - o.candidates.data() + 1), with_unit(o, c.predicted), with_unit(o, c.half_width),
                 with_unit(o, c.value), c.contradicts ? "no" : "yes"});
  return text + "</table>\n";
}

std::string gate_text(const DesignOutcome& o) {
  if (o.strategy == "economical") return economy_text(o);
  if (o.strategy == "gradient")
    return fmt::format("<p>There is no surrogate: the solver's own slopes were followed. {}.</p>\n",
                       gradient_cost(o.by_gradient));
  if (!o.learned) return "<p>All designs of the space were solved: no surrogate was needed.</p>\n";
  long accepted = 0, solved = 0, contradicted = 0;
  for (const Candidate& c : o.candidates) accepted += c.accepted, solved += c.solved, contradicted += c.contradicts;
  std::string text;
  if (std::isfinite(o.training_error))
    text += fmt::format(
        "<p>After the first training, samples that nobody had seen: mean error {:.2f} % of {}, {:.2f} mV of the "
        "voltage curve, {:.0f} % inside their 90 % intervals.</p>\n",
        100 * o.training_error, plain(o.objective), 1000 * o.curve_error, 100 * o.coverage);
  text += fmt::format(
      "<p>The gate takes the surrogate's word inside its data and where its interval's half width is at most {}, {:g} "
      "% "
      "of the objective's range. A search goes where a network errs in its favour and beyond all samples, so intervals "
      "of its proposals are widened by what earlier answers to proposals have shown; before the first ones, by how far "
      "off a surrogate trained without the best tenth of the samples was on that tenth. Of {} proposals the gate "
      "accepted {}; {} were solved, the best ones of each round in any case, and {} answers lay outside their "
      "intervals.</p>\n",
      with_unit(o, o.interval * o.scale.range), 100 * o.interval, o.candidates.size(), accepted, solved, contradicted);
  return text + (o.gate.fresh > 0 ? fresh_table(o) : "");
}

std::string rounds_table(const DesignOutcome& o) {
  std::string text =
      "<table><caption>Rounds</caption>\n" +
      row({"round", "solves", "surrogate's best", "best confirmed", "intervals widened by", "remark"}, "th");
  for (const Round& r : o.rounds)
    text += row({std::to_string(r.number), std::to_string(r.solves), with_unit(o, r.best_predicted),
                 with_unit(o, r.best_confirmed), fmt::format("{:.2f}", r.widening), plain(r.remark)});
  return text +
         row({"last steps by the solver", "", "", with_unit(o, o.optimum.value), "",
              "from " + with_unit(o, o.before_last_steps)}) +
         "</table>\n";
}

const char* const style =
    "body{font:16px/1.55 system-ui,'DejaVu Sans',sans-serif;color:#222;max-width:68rem;margin:2.5rem auto;padding:0 "
    "1.2rem}"
    "h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.2rem;margin-top:2.6rem;border-bottom:2px solid #e4e4e4;"
    "padding-bottom:.3rem}.lead{font-size:1.06rem}"
    ".small,caption,figcaption{color:#666;font-size:.85rem}.one{white-space:nowrap}"
    ".cards{display:flex;flex-wrap:wrap;gap:1rem;margin:1.4rem 0}.cards div{flex:1 1 9rem;background:#f4f7f9;"
    "border-left:4px solid #0072b2;padding:.7rem .9rem}.cards b{display:block;font-size:1.35rem;white-space:nowrap}"
    ".cards span{color:#555;font-size:.85rem}"
    "figure{margin:1.2rem 0}img{width:100%;height:auto}.pair{display:flex;flex-wrap:wrap;gap:1rem}"
    ".pair figure{flex:1 1 26rem;margin:.4rem 0}"
    "table{border-collapse:collapse;margin:1.2rem 0;width:100%}caption{text-align:left;padding-bottom:.3rem}"
    "th,td{text-align:left;vertical-align:top;padding:.35rem 1rem .35rem 0;border-bottom:1px solid #e4e4e4}"
    "th{font-weight:600;font-size:.9rem}.numbers td+td,.numbers th+th{text-align:right}"
    "td{font-variant-numeric:tabular-nums}code{background:#f4f4f4;padding:.1rem .3rem}"
    "@media print{h2{break-after:avoid}figure,table{break-inside:avoid}}";

}  // namespace

double gain(const DesignOutcome& outcome, double value, double over) {
  return (outcome.maximise ? value - over : over - value) / std::max(std::abs(over), 1e-300);
}

std::string design_html(const DesignOutcome& o, const DesignPage& page) {
  std::string text = fmt::format(
      "<!DOCTYPE html>\n<html lang=en><head><meta charset=utf-8><meta name=viewport content=\"width=device-width\">"
      "<title>{0}</title><style>{1}</style></head><body>\n<h1>{0}</h1>\n",
      plain(page.title), style);
  text += summary(o);
  text += fmt::format("<p>The optimum as a case for <code>porelith run</code>: <code>{}</code>.</p>\n",
                      plain(page.optimum_case));
  text +=
      "<h2>The designs</h2>\n" +
      picture(page, "design", "Porosity through depth: negative coating blue, positive orange, collectors outside") +
      designs_table(o);
  text += "<h2>What they do</h2>\n" +
          picture(page, "charges", "Voltage and plating margin over the charge of the last step") +
          picture(page, "compared", "Salt and reaction rate through depth, baseline and optimum at the same charge");
  text += "<h2>How far the surrogate can be trusted</h2>\n" + gate_text(o) + "<div class=pair>" +
          picture(page, "gate", "Proposals of the loop: surrogate against solver. Wide intervals leave the picture") +
          picture(page, "effort", "Best value against solves, on the case's mesh") + "</div>\n" +
          (o.strategy == "surrogate" ? rounds_table(o) : "");
  text += "<h2>What it cost</h2>\n" + cost_table(o, page) + without_surrogate(o) + along_slopes(o);
  text += fmt::format(
      "<p class=small>{} {} ({}); case {}, SHA-256 {}; cell SHA-256 {}; samples on {}.</p>\n</body></html>\n",
      program().name, program().version, program().commit, plain(page.case_file), page.case_hash, page.cell_hash,
      page.mesh);
  return text;
}

}  // namespace porelith
