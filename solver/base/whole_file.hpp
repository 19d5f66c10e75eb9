#pragma once
/// Files that are whole or not there: written under a temporary name, then renamed.
#include <string>
#include <string_view>

namespace porelith {

/// Touches nothing. @throws WriteError naming the file that stands where a folder should be, which may be a parent
void judge_folder(const std::string& folder);

/// Makes `folder` and its parents where they are missing.
/// @throws WriteError a file is in the way, no permission
void make_folder(const std::string& folder);

/// A file under a temporary name beside its final one. commit() puts it in place; without it nothing is left behind.
class WholeFile {
 public:
  explicit WholeFile(std::string path);
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  const std::string& path() const { return path_; }
  /// Where to write until commit().
  const std::string& temporary() const { return temporary_; }

  /// Writes `bytes` as the whole content. @throws WriteError
  void write(std::string_view bytes);
  /// Makes sure that the disk has room for `bytes` in all, where its file system can tell. @throws WriteError
  void reserve(std::size_t bytes);
  /// Renames to the final name, over an older file; `durable` syncs first, so that a crash of the machine loses
  /// nothing.
  /// @throws WriteError
  void commit(bool durable = false);

 private:
  std::string path_, temporary_;
  bool committed_ = false;
};

/// Writes `bytes` to `path`, whole. @throws WriteError
void write_whole_file(const std::string& path, std::string_view bytes, bool durable = false);

/// Writes all bytes to an open file, however many calls it takes. @throws WriteError naming `path`
void write_fully(int file, std::string_view bytes, const std::string& path);

}  // namespace porelith
