#include "solver/results/hdf5.hpp"

#include <hdf5.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "solver/base/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/sentence.hpp"
#include "tests/support/synthetic_results.hpp"

using namespace porelith;

namespace {

/// Reads back through HDF5's own interface, not through the writer's.
struct Reader {
  hid_t file;
  explicit Reader(const std::string& path) : file(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT)) {
    REQUIRE(file >= 0);
  }
  ~Reader() { H5Fclose(file); }

  std::vector<hsize_t> shape(const std::string& name) const {
    const hid_t data = H5Dopen2(file, name.c_str(), H5P_DEFAULT), space = H5Dget_space(data);
    REQUIRE(data >= 0);
    std::vector<hsize_t> shape(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space)));
    H5Sget_simple_extent_dims(space, shape.data(), nullptr);
    H5Sclose(space);
    H5Dclose(data);
    return shape;
  }

  std::vector<double> numbers(const std::string& name) const {
    std::size_t n = 1;
    for (const hsize_t k : shape(name)) n *= k;
    std::vector<double> values(n);
    const hid_t data = H5Dopen2(file, name.c_str(), H5P_DEFAULT);
    REQUIRE(H5Dread(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) >= 0);
    H5Dclose(data);
    return values;
  }

  std::string attribute(const std::string& object, const std::string& name) const {
    const hid_t it = H5Aopen_by_name(file, object.c_str(), name.c_str(), H5P_DEFAULT, H5P_DEFAULT);
    INFO(object << " @ " << name);
    REQUIRE(it >= 0);
    const hid_t type = H5Aget_type(it);
    char* text = nullptr;
    H5Aread(it, type, &text);
    const std::string value = text;
    H5free_memory(text);
    H5Tclose(type);
    H5Aclose(it);
    return value;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> found;
    const auto keep = [](hid_t, const char* name, const H5O_info_t* info, void* data) -> herr_t {
      if (info->type == H5O_TYPE_DATASET) static_cast<std::vector<std::string>*>(data)->emplace_back(name);
      return 0;
    };
    H5Ovisit(file, H5_INDEX_NAME, H5_ITER_NATIVE, keep, &found);
    return found;
  }
};

}  // namespace

TEST_CASE("results.h5 gives back the fields and the curve as they were in memory") {
  const Scratch folder;
  const Results results = synthetic_results(7, 40);
  write_results_h5(results, folder / "results.h5");
  const Reader file(folder / "results.h5");

  CHECK(file.shape("/mesh/centre") == std::vector<hsize_t>{50, 3});
  CHECK(file.shape("/mesh/vertices") == std::vector<hsize_t>{50, 2});
  CHECK(file.numbers("/mesh/eps") == results.eps);
  CHECK(file.shape("/fields/c_e") == std::vector<hsize_t>{7, 50});
  CHECK(file.shape("/fields/positive/c_s") == std::vector<hsize_t>{7, 20, 15});
  const auto c_e = file.numbers("/fields/c_e"), phi_s = file.numbers("/fields/phi_s"),
             c_s = file.numbers("/fields/positive/c_s"), j = file.numbers("/fields/negative/j");
  for (std::size_t n = 0; n < 7; ++n) {
    const Snapshot& s = results.snapshots[n];
    CHECK(std::equal(s.c_e.begin(), s.c_e.end(), c_e.begin() + static_cast<long>(n * 50)));
    CHECK(std::equal(s.c_s[1].begin(), s.c_s[1].end(), c_s.begin() + static_cast<long>(n * 300)));
    CHECK(std::equal(s.j[0].begin(), s.j[0].end(), j.begin() + static_cast<long>(n * 20)));
    CHECK(std::isnan(phi_s[n * 50 + 25]));  // the separator has no solid
    CHECK(phi_s[n * 50 + 49] == s.phi_s[49]);
  }

  const auto voltage = file.numbers("/curve/voltage"), charge = file.numbers("/curve/charge"),
             step = file.numbers("/curve/step");
  REQUIRE(voltage.size() == 40);
  CHECK(voltage[17] == results.curve[17].voltage());
  CHECK(charge[39] == results.curve[39].charge());
  CHECK(step.front() == 1);
  CHECK(step.back() == 2);
  CHECK(file.numbers("/figures/areal_capacity_neg") == std::vector<double>{4.9});
  CHECK(file.numbers("/counts/newton") == std::vector<double>{980});
}

TEST_CASE("the reaction rate in results.h5 integrates to the cell's current, opposite in the two electrodes") {
  const Scratch folder;
  Results results = synthetic_results(3);
  // Even fluxes that carry 5 A: j = I/(F a V) with V the electrode's volume, so that the sum over volumes is I.
  for (auto& s : results.snapshots) {
    for (std::size_t b = 0; b < 2; ++b) {
      const Bed& bed = results.beds[b];
      double volume = 0;
      for (const int P : bed.cells) volume += results.mesh.volume[static_cast<std::size_t>(P)];
      for (std::size_t i = 0; i < bed.cells.size(); ++i)
        s.j[b][i] = (b == 0 ? 5 : -5) / (96485.33212 * bed.a[i] * volume);
    }
  }
  write_results_h5(results, folder / "results.h5");
  const Reader file(folder / "results.h5");
  const auto rate = file.numbers("/fields/reaction_rate"), volume = file.numbers("/mesh/volume");
  double negative = 0, separator = 0, positive = 0;
  for (std::size_t P = 0; P < 50; ++P) (P < 20 ? negative : P < 30 ? separator : positive) += rate[100 + P] * volume[P];
  CHECK(negative == Approx(5).epsilon(1e-12));
  CHECK(separator == 0);
  CHECK(positive == Approx(-5).epsilon(1e-12));
}

TEST_CASE("every dataset of results.h5 has a unit and a meaning, and the file says what it is") {
  const Scratch folder;
  write_results_h5(synthetic_results(5), folder / "results.h5");
  const Reader file(folder / "results.h5");
  CHECK(file.attribute("/", "format") == "porelith results");
  CHECK(file.attribute("/", "status") == "complete");
  CHECK(file.attribute("/", "title") == "LG M50, 1C discharge (synthetic)");
  const auto names = file.names();
  CHECK(names.size() > 45);
  for (const std::string& name : names) {
    CHECK_FALSE(file.attribute(name, "unit").empty());
    CHECK_FALSE(file.attribute(name, "meaning").empty());
  }
  CHECK(file.attribute("/fields/c_e", "unit") == "mol.m-3");
  CHECK(file.attribute("/curve/energy", "unit") == "J");
}

TEST_CASE("a flipped bit in a large dataset of results.h5 is noticed on reading") {
  const Scratch folder;
  const Results results = synthetic_results(50);
  write_results_h5(results, folder / "results.h5");
  std::string bytes = file_text(folder / "results.h5");
  // One value of c_s, found by its bytes, loses one bit.
  const double value = results.snapshots[30].c_s[1][77];
  std::string pattern(sizeof value, '\0');
  std::memcpy(pattern.data(), &value, sizeof value);
  const std::size_t place = bytes.find(pattern);
  REQUIRE(place != std::string::npos);
  bytes[place + 3] = static_cast<char>(bytes[place + 3] ^ 0x10);
  write_text(folder / "damaged.h5", bytes);

  const Reader file(folder / "damaged.h5");
  std::vector<double> c_s(50 * 20 * 15);
  const hid_t data = H5Dopen2(file.file, "/fields/positive/c_s", H5P_DEFAULT);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  CHECK(H5Dread(data, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, c_s.data()) < 0);
  H5Dclose(data);
}

TEST_CASE("cells of several shapes stand in one list of vertices, with their ends") {
  const Scratch folder;
  Results results = synthetic_results(0, 2);
  results.mesh.vertices[2] = {2, 3, 4, 5};
  write_results_h5(results, folder / "results.h5");
  const Reader file(folder / "results.h5");
  const auto vertices = file.numbers("/mesh/vertices"), ends = file.numbers("/mesh/offsets");
  REQUIRE(vertices.size() == 102);
  CHECK(std::vector<double>(vertices.begin() + 4, vertices.begin() + 9) == std::vector<double>{2, 3, 4, 5, 3});
  CHECK(std::vector<double>(ends.begin(), ends.begin() + 4) == std::vector<double>{2, 4, 8, 10});
  CHECK(ends.back() == 102);
}

TEST_CASE("results without snapshots, curve, steps or figures still make a file that opens") {
  const Scratch folder;
  Results results = synthetic_results(0, 2);
  results.curve.clear();
  results.steps.clear();
  results.figures.clear();
  write_results_h5(results, folder / "results.h5");
  const Reader file(folder / "results.h5");
  CHECK(file.shape("/fields/c_e") == std::vector<hsize_t>{0, 50});
  CHECK(file.shape("/curve/time") == std::vector<hsize_t>{0});
}

TEST_CASE("a run of a thousand steps writes them all") {
  const Scratch folder;
  Results results = synthetic_results(2);
  results.steps.assign(1000, results.steps.front());
  write_results_h5(results, folder / "results.h5");
  const Reader file(folder / "results.h5");
  CHECK(file.shape("/steps/label") == std::vector<hsize_t>{1000});
  CHECK(file.numbers("/steps/end") == std::vector<double>(1000, results.steps.front().end));
}

TEST_CASE("a blend's beds are groups of their own, also when a material's name has a slash") {
  const Scratch folder;
  Results results = synthetic_results(2);
  results.beds[0].material = "SiO/C";
  write_results_h5(results, folder / "results.h5");
  const Reader file(folder / "results.h5");
  CHECK(file.shape("/fields/negative_SiO_C/j") == std::vector<hsize_t>{2, 20});
  CHECK(file.attribute("/fields/negative_SiO_C", "material") == "SiO/C");
}

TEST_CASE("results.h5 that cannot be written says why and leaves nothing behind") {
  const Scratch folder;
  const Results results = synthetic_results(20);
  SECTION("the folder is not there") {
    const std::string sentence =
        sentence_of<WriteError>([&] { write_results_h5(results, folder / "nowhere/results.h5"); });
    CHECK(sentence == "cannot write " + folder / "nowhere/results.h5" + ": No such file or directory");
  }
  SECTION("a folder has its name") {
    std::filesystem::create_directory(folder / "results.h5");
    const std::string sentence = sentence_of<WriteError>([&] { write_results_h5(results, folder / "results.h5"); });
    CHECK(sentence == "cannot write " + folder / "results.h5" + ": Is a directory");
    CHECK(folder.entries() == 1);
  }
  SECTION("the disk is full") {
    // A limit on a file's size stands for the full disk; the system then refuses in the middle of writing.
    write_text(folder / "results.h5", "older");
    const SmallFiles only(40000);
    const std::string sentence = sentence_of<WriteError>([&] { write_results_h5(results, folder / "results.h5"); });
    CHECK(sentence == "cannot write " + folder / "results.h5" + ": File too large");
    CHECK(file_text(folder / "results.h5") == "older");
    CHECK(folder.entries() == 1);
  }
  SECTION("a field has the wrong length") {
    Results wrong = results;
    wrong.snapshots[3].c_e.pop_back();
    const std::string sentence = sentence_of<WriteError>([&] { write_results_h5(wrong, folder / "results.h5"); });
    CHECK(sentence ==
          "cannot write " + folder / "results.h5" + ": /fields/c_e has 999 values where its shape wants 1000");
    CHECK(folder.entries() == 0);
  }
}
