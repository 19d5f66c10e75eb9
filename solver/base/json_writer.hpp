#pragma once
/// Writes JSON (RFC 8259), indented by two blanks.
#include <string>
#include <string_view>
#include <vector>

namespace porelith {

/// `text` in quotes, escaped; bytes that are not UTF-8 become U+FFFD, so that every reader takes the file.
std::string json_text(std::string_view text);

/// Objects and lists are opened and closed in pairs; inside a list the key is "".
class JsonWriter {
 public:
  JsonWriter() { open("", '{'); }

  void object(std::string_view key) { open(key, '{'); }
  void list(std::string_view key) { open(key, '['); }
  void end();

  void add(std::string_view key, std::string_view value);
  void add(std::string_view key, const char* value) { add(key, std::string_view(value)); }
  /// Shortest digits that read back as the same number; null if it is not finite, for which JSON has no word.
  void add(std::string_view key, double value);
  void add(std::string_view key, long value);
  void add(std::string_view key, int value) { add(key, static_cast<long>(value)); }
  void add(std::string_view key, const std::vector<std::string>& values);

  /// Closes what is open and gives the text, which ends with a line end.
  std::string finish();

 private:
  void open(std::string_view key, char bracket);
  void start(std::string_view key);

  std::string text_;
  std::string open_;   ///< the brackets that will close what is open, outermost first
  bool first_ = true;  ///< nothing stands yet in the innermost bracket
};

}  // namespace porelith
