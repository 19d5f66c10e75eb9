#pragma once
/// The bytes of a Gmsh file, taken piece by piece. Whatever is not what was expected is told with its place: line and
/// column where the file is text, the byte where it is binary.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace porelith {

class GmshSource {
 public:
  GmshSource(std::string name, std::string_view bytes) : name_(std::move(name)), bytes_(bytes) {}

  /// Whether numbers are bytes from here on, or text. @return what they were
  bool set_binary(bool binary) { return std::exchange(binary_, binary); }
  bool binary() const { return binary_; }

  /// The next line of text that is not empty, without blanks at its ends; "" at the end of the file.
  std::string_view line();
  /// The next line must be this one, e.g. "$EndNodes".
  void expect(std::string_view heading);
  /// Goes behind the line `heading`. @throws CaseError if there is none
  void skip_behind(std::string_view heading);

  // Each takes one number: in text the next word of this line, else so many bytes. `what` names it in the sentence.
  long integer(const char* what, long low, long high);  ///< 4 bytes
  long tag(const char* what, long low, long high);      ///< 8 bytes; tags and counts of version 4
  double real(const char* what);                        ///< 8 bytes; finite, and no coordinate is larger than 1e12
  /// A 4-byte count of things of which each takes at least so many bytes: no more than can follow.
  long count(const char* what, long bytes_each);
  long tag_count(const char* what, long bytes_each);  ///< the same, 8 bytes
  /// @throws CaseError if so many things cannot follow; @return value
  long within_file(const char* what, long value, long bytes_each) const;
  /// Whether the next thing in this line is a text between quotes.
  bool quote_follows() const;
  /// A text between quotes.
  std::string quoted(const char* what);
  /// Text: nothing more may stand in this line. Binary: nothing to do.
  void end_of_line();
  /// An integer is four bytes of 1, or the file is from a machine of the other byte order.
  void check_byte_order();

  /// The place of what was taken last.
  [[noreturn]] void fail(const std::string& sentence) const;

 private:
  std::string_view word(const char* what);
  long parse_integer(const char* what, long low, long high);
  template <class Number>
  Number raw(const char* what);
  long bounded(const char* what, long value, long low, long high) const;
  std::size_t left() const { return bytes_.size() - at_; }
  std::string excerpt(std::string_view text) const;

  std::string name_;
  std::string_view bytes_;
  std::size_t at_ = 0, begin_ = 0;  ///< next byte; first byte of what was taken last
  bool binary_ = false;
};

}  // namespace porelith
