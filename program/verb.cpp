#include "program/verb.hpp"

#include <CLI/CLI.hpp>
#include <utility>

namespace porelith {

void Verb::argument(const char* name, std::string& to, const char* help) {
  app_.add_option(name, to, help)->required();
}
void Verb::argument(const char* name, std::vector<std::string>& to, const char* help) {
  app_.add_option(name, to, help)->required();
}
void Verb::optional_arguments(const char* name, std::vector<std::string>& to, const char* help) {
  app_.add_option(name, to, help);
}
void Verb::optional_argument(const char* name, std::string& to, const char* help) { app_.add_option(name, to, help); }
void Verb::option(const char* name, std::string& to, const char* help) { app_.add_option(name, to, help); }
void Verb::option(const char* name, std::optional<int>& to, const char* help) { app_.add_option(name, to, help); }
void Verb::option(const char* name, std::optional<unsigned>& to, const char* help) { app_.add_option(name, to, help); }
void Verb::option(const char* name, std::optional<double>& to, const char* help) { app_.add_option(name, to, help); }
void Verb::option(const char* name, std::vector<int>& to, const char* help) {
  app_.add_option(name, to, help)->delimiter(',');
}
void Verb::repeated(const char* name, std::vector<std::string>& to, const char* help) {
  app_.add_option(name, to, help)->allow_extra_args(false);
}
void Verb::count(const char* name, std::optional<int>& to, const char* help) {
  app_.add_option(name, to, help)->check([](const std::string& text) {
    const bool counts = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos &&
                        text.find_first_not_of('0') != std::string::npos;
    return counts ? std::string() : text + " is no whole number above 0";
  });
}
void Verb::flag(const char* name, bool& to, const char* help) { app_.add_flag(name, to, help); }

void Verb::does(WorkOf whom, std::function<int()> work) {
  app_.callback([this_command = &command_, whom, work = std::move(work)] {
    this_command->whom = whom;
    this_command->work = work;
  });
}

void CaseLine::declare_on(Verb& verb) {
  verb.argument("CASE", path, "folder that holds case.toml, or a case file");
  verb.repeated("--set", set,
                "table.key=value changes the case, e.g. negative.thickness=85um; key= takes one out; may be repeated");
  verb.option("--petsc", petsc, "options for PETSc in quotes, e.g. \"-ksp_monitor\"");
}

void declare_walltime(Verb& verb, std::string& max_walltime) {
  verb.option(
      "--max-walltime", max_walltime,
      "stop in good order after this time, e.g. 3h55m or 1-12:00:00 (d-hh:mm:ss), as after Ctrl-C, with exit code 75");
}

}  // namespace porelith
