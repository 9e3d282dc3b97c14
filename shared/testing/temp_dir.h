// Temporary directory that lives as long as a test.
#ifndef FLYWHEEL_SHARED_TESTING_TEMP_DIR_H_
#define FLYWHEEL_SHARED_TESTING_TEMP_DIR_H_

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

namespace flywheel::testing {

// Makes an empty directory, and removes it with all that is in it.
class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "flywheel-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace flywheel::testing

#endif  // FLYWHEEL_SHARED_TESTING_TEMP_DIR_H_
