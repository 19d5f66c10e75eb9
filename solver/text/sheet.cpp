#include "solver/text/sheet.hpp"

#include <fmt/format.h>

#include <cstdint>

namespace porelith {

namespace {

void append_utf8(std::string& text, std::uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | code >> 6);
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | code >> 12);
    text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | code >> 18);
    text += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    text += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

/// Halves of a pair that stand alone become U+FFFD.
std::string from_utf16(const std::string& bytes, std::size_t start, bool little) {
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]), second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<std::uint32_t>(little ? first | second << 8 : first << 8 | second);
  };
  std::string text;
  for (std::size_t at = start; at + 1 < bytes.size(); at += 2) {
    std::uint32_t code = unit(at);
    if (code >= 0xD800 && code < 0xDC00 && at + 3 < bytes.size()) {
      const std::uint32_t low = unit(at + 2);
      if (low >= 0xDC00 && low < 0xE000) code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00), at += 2;
    }
    append_utf8(text, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
  }
  return text;
}

bool is_utf8(const std::string& text) {
  int following = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (following > 0) {
      if ((byte & 0xC0) != 0x80) return false;
      --following;
    } else if (byte >= 0x80) {
      following = (byte & 0xE0) == 0xC0 ? 1 : (byte & 0xF0) == 0xE0 ? 2 : (byte & 0xF8) == 0xF0 ? 3 : -1;
      if (following < 0) return false;
    }
  }
  return following == 0;
}

std::string from_latin1(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) append_utf8(text, static_cast<unsigned char>(c));
  return text;
}

/// UTF-16 of western text without a mark: every other byte of its beginning is zero.
bool looks_like_utf16(const std::string& bytes, bool little) {
  const std::size_t n = std::min<std::size_t>(bytes.size() & ~std::size_t{1}, 200);
  if (n < 4) return false;
  std::size_t zeros = 0;
  for (std::size_t at = little ? 1 : 0; at < n; at += 2) zeros += bytes[at] == '\0' ? 1 : 0;
  return zeros * 10 > n / 2 * 9;
}

std::string decoded(const std::string& bytes, const std::string& file) {
  const auto starts = [&](const char* mark, std::size_t n) { return bytes.compare(0, n, std::string(mark, n)) == 0; };
  const auto refuse = [&](const char* what) {
    throw CaseError({{{file, 0, 0}, fmt::format("is {}, not text; export the table as CSV", what)}});
  };
  if (starts("PK\x03\x04", 4)) refuse("a workbook or another zip archive");
  if (starts("\xD0\xCF\x11\xE0", 4)) refuse("an old Excel workbook");
  std::string text;
  if (starts("\xEF\xBB\xBF", 3))
    text = bytes.substr(3);
  else if (starts("\xFF\xFE", 2) || looks_like_utf16(bytes, true))
    text = from_utf16(bytes, starts("\xFF\xFE", 2) ? 2 : 0, true);
  else if (starts("\xFE\xFF", 2) || looks_like_utf16(bytes, false))
    text = from_utf16(bytes, starts("\xFE\xFF", 2) ? 2 : 0, false);
  else
    text = bytes;
  if (!is_utf8(text)) text = from_latin1(text);
  if (text.find('\0') != std::string::npos) refuse("a binary file");
  return text;
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t") == std::string::npos; }

std::string trimmed(std::string text) {
  static const std::string wide_blank = "\u00a0";
  const auto ends_with = [&] { return text.size() > 1 && text.compare(text.size() - 2, 2, wide_blank) == 0; };
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || ends_with()))
    text.erase(text.size() - (ends_with() ? 2 : 1));
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.compare(0, 2, wide_blank) == 0))
    text.erase(0, text.compare(0, 2, wide_blank) == 0 ? 2 : 1);
  return text;
}

}  // namespace

std::vector<SheetLine> sheet_lines(const std::string& bytes, const std::string& file) {
  const std::string text = decoded(bytes, file);
  std::vector<SheetLine> lines;
  constexpr std::size_t longest_cell = 1000;  // a quote that stays open longer is a plain character
  int number = 1, first = 1;
  std::size_t opened = std::string::npos;  // where a quote in this line was
  std::string line;
  const auto end = [&] {
    if (!is_blank(line)) lines.push_back({first, line});
    line.clear();
    opened = std::string::npos;
    first = number;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') {
      const std::size_t close = text.find('"', at + 1);
      const bool closes = opened == std::string::npos && close != std::string::npos && close - at < longest_cell;
      opened = closes ? close : std::string::npos;
    }
    if (c != '\n' && c != '\r') {
      line += c;
      continue;
    }
    if (c == '\r' && at + 1 < text.size() && text[at + 1] == '\n') ++at;
    ++number;
    if (opened != std::string::npos && opened > at) {
      line += ' ';
    } else {
      end();
    }
  }
  end();
  return lines;
}

bool is_comment(const std::string& line) {
  const auto at = line.find_first_not_of(" \t\"");
  return at != std::string::npos && (line[at] == '#' || line[at] == '%' || line.compare(at, 2, "//") == 0);
}

std::vector<std::string> cells_of(const std::string& line, char separator) {
  std::vector<std::string> cells;
  std::string cell;
  bool quoted = false;
  const auto add = [&] {
    const std::string plain = trimmed(cell);
    cell.clear();
    const bool bracket = separator == ' ' && !cells.empty() && !plain.empty() && (plain[0] == '[' || plain[0] == '(');
    if (separator == ' ' && plain.empty()) return;
    if (bracket)
      cells.back() += " " + plain;
    else
      cells.push_back(plain);
  };
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    if (c == '"') {
      if (quoted && at + 1 < line.size() && line[at + 1] == '"')
        cell += line[++at];  // a quote, twice
      else
        quoted = !quoted;
    } else if (!quoted && (c == separator || (separator == ' ' && c == '\t'))) {
      add();
    } else {
      cell += c;
    }
  }
  add();
  return cells;
}

}  // namespace porelith
