#pragma once
/// Blocks of Gmsh's shapes in memory, bent and cut as asked for, and the bytes of a file of them in every format.
#include <fmt/format.h>

#include <cmath>
#include <functional>
#include <map>
#include <random>

#include "meshes/gmsh/file.hpp"
#include "solver/case_mesh.hpp"
#include "tests/support/sample_cells.hpp"

namespace porelith {

/// Whose layers the boxes have.
inline const Cell& sample_cell() {
  static const Cell cell = *shipped_case("nmc111_pouch").cell;
  return cell;
}

inline LayerThicknesses sample_layers() { return thicknesses_of(sample_cell()); }

enum class Cut { hexahedra, tetrahedra, prisms, pyramids, mixed, quadrilaterals, triangles };

struct BoxMesh {
  std::vector<double> x, y, z = {0, 1};  ///< edges
  Cut cut = Cut::hexahedra;
  double bend = 0;                  ///< smooth displacement of inner points, over the size of a box
  double shake = 0;                 ///< random displacement of inner points, likewise
  std::vector<double> planes = {};  ///< x that points must not leave
  bool ends = false;                ///< terminals are the foils' ends at the last y, not the first and last x
  /// Physical name of the box (i, j, k); "" where there is none.
  std::function<std::string(int, int, int)> region = {};
};

/// n, m, n equal boxes through the layers of a cell (in um), named after them.
inline BoxMesh layered_boxes(const Cell& cell, int n, int m, const std::vector<double>& y,
                             const std::vector<double>& z) {
  const double L_n = 1e6 * cell.negative.thickness, L_s = 1e6 * cell.separator.thickness,
               L_p = 1e6 * cell.positive.thickness;
  BoxMesh block;
  for (int i = 0; i <= n; ++i) block.x.push_back(L_n * i / n);
  for (int i = 1; i <= m; ++i) block.x.push_back(L_n + L_s * i / m);
  for (int i = 1; i <= n; ++i) block.x.push_back(L_n + L_s + L_p * i / n);
  block.y = y;
  block.z = z;
  block.planes = {L_n, L_n + L_s};
  block.region = [n, m](int i, int, int) { return i < n ? "negative" : i < n + m ? "separator" : "positive"; };
  return block;
}

inline std::vector<double> equal_edges(double width, int n) {
  std::vector<double> edges;
  for (int i = 0; i <= n; ++i) edges.push_back(width * i / n);
  return edges;
}

class BoxMaker {
 public:
  explicit BoxMaker(const BoxMesh& block)
      : b_(block),
        nx_(static_cast<int>(block.x.size()) - 1),
        ny_(static_cast<int>(block.y.size()) - 1),
        nz_(static_cast<int>(block.z.size()) - 1),
        flat_(block.cut == Cut::quadrilaterals || block.cut == Cut::triangles) {
    if (flat_) nz_ = 0;
  }

  GmshFile make() {
    file_.name = "block.msh";
    for (int k = 0; k <= nz_; ++k)
      for (int j = 0; j <= ny_; ++j)
        for (int i = 0; i <= nx_; ++i) file_.points.push_back(point(i, j, k));
    for (int k = 0; k < std::max(nz_, 1); ++k)
      for (int j = 0; j < ny_; ++j)
        for (int i = 0; i < nx_; ++i) flat_ ? cut_plane(i, j) : cut_box(i, j, k);
    return std::move(file_);
  }

 private:
  using Corners = std::array<int, 8>;

  std::array<double, 3> point(int i, int j, int k) {
    std::array<double, 3> x{b_.x[i], b_.y[j], flat_ ? 0 : b_.z[k]};
    const auto inner = [](int at, int n) { return at > 0 && at < n; };
    const auto box = [](const std::vector<double>& e, int at) {
      return std::min(e[at] - e[at - 1], e[at + 1] - e[at]);
    };
    const double smooth = std::sin(3.1 * b_.x[i] / b_.x.back()) * std::cos(2.2 * b_.y[j] / b_.y.back() + 0.7) *
                          std::cos(1.9 * b_.z[flat_ ? 0 : k] / b_.z.back() - 0.3);
    std::uniform_real_distribution<double> any(-1, 1);
    bool on_plane = false;
    for (double plane : b_.planes) on_plane = on_plane || std::abs(plane - b_.x[i]) < 1e-9 * b_.x.back();
    const double random[] = {any(generator_), any(generator_), any(generator_)};
    if (inner(i, nx_) && !on_plane) x[0] += box(b_.x, i) * (b_.bend * smooth + b_.shake * random[0]);
    if (inner(j, ny_)) x[1] += box(b_.y, j) * (b_.bend * smooth + b_.shake * random[1]);
    if (!flat_ && inner(k, nz_)) x[2] += box(b_.z, k) * (b_.bend * smooth + b_.shake * random[2]);
    return x;
  }
  int id(int i, int j, int k) const { return i + (nx_ + 1) * (j + (ny_ + 1) * k); }

  int tag(int dimension, const std::string& name) {
    for (const auto& g : file_.groups)
      if (g.dimension == dimension && g.name == name) return g.tag;
    const int fresh = static_cast<int>(file_.groups.size()) + 1;
    file_.groups.push_back({dimension, fresh, name});
    return fresh;
  }

  void add(GmshShape shape, const std::vector<int>& vertices, const std::string& name) {
    GmshElements& e = file_.of(shape);
    e.vertices.insert(e.vertices.end(), vertices.begin(), vertices.end());
    e.group.push_back(tag(dimension_of(shape), name));
    e.number.push_back(++number_);
  }

  static bool is_foil(const std::string& name) { return name.find("_foil") != std::string::npos; }
  static std::string terminal_of(const std::string& foil) { return foil.substr(0, 8) + "_collector"; }

  void cut_plane(int i, int j) {
    const int a = id(i, j, 0), b = id(i + 1, j, 0), c = id(i + 1, j + 1, 0), d = id(i, j + 1, 0);
    const std::string name = b_.region(i, j, 0);
    if (name.empty()) return;
    if (b_.cut == Cut::quadrilaterals) {
      add(GmshShape::quadrilateral, {a, b, c, d}, name);
    } else {
      add(GmshShape::triangle, {a, b, c}, name);
      add(GmshShape::triangle, {a, c, d}, name);
    }
    if (b_.ends) {
      if (j == ny_ - 1 && is_foil(name)) add(GmshShape::line, {d, c}, terminal_of(name));
      return;
    }
    if (i == 0) add(GmshShape::line, {a, d}, "negative_collector");
    if (i == nx_ - 1) add(GmshShape::line, {b, c}, "positive_collector");
  }

  void cut_box(int i, int j, int k) {
    const Corners c{id(i, j, k),     id(i + 1, j, k),     id(i + 1, j + 1, k),     id(i, j + 1, k),
                    id(i, j, k + 1), id(i + 1, j, k + 1), id(i + 1, j + 1, k + 1), id(i, j + 1, k + 1)};
    const std::string name = b_.region(i, j, k);
    if (name.empty()) return;
    Cut cut = b_.cut;
    if (cut == Cut::mixed) cut = (j + k) % 2 == 0 ? Cut::prisms : i % 3 == 1 ? Cut::pyramids : Cut::hexahedra;
    if (cut == Cut::hexahedra) add(GmshShape::hexahedron, {c.begin(), c.end()}, name);
    if (cut == Cut::tetrahedra)  // six along the diagonal from corner 0 to corner 6
      for (const auto& way : {std::array<int, 2>{1, 2}, {2, 3}, {3, 7}, {7, 4}, {4, 5}, {5, 1}})
        add(GmshShape::tetrahedron, {c[0], c[way[0]], c[way[1]], c[6]}, name);
    if (cut == Cut::prisms) {
      add(GmshShape::prism, {c[0], c[3], c[7], c[1], c[2], c[6]}, name);
      add(GmshShape::prism, {c[0], c[7], c[4], c[1], c[6], c[5]}, name);
    }
    if (cut == Cut::pyramids) {
      std::array<double, 3> middle{};
      for (int corner : c)
        for (int q = 0; q < 3; ++q) middle[q] += file_.points[corner][q] / 8;
      const int apex = static_cast<int>(file_.points.size());
      file_.points.push_back(middle);
      for (const auto& f :
           {std::array<int, 4>{0, 1, 2, 3}, {4, 7, 6, 5}, {0, 4, 5, 1}, {1, 5, 6, 2}, {2, 6, 7, 3}, {3, 7, 4, 0}})
        add(GmshShape::pyramid, {c[f[0]], c[f[1]], c[f[2]], c[f[3]], apex}, name);
    }
    if (b_.ends) {
      if (j < ny_ - 1 || !is_foil(name)) return;
      if (cut == Cut::tetrahedra) {
        add(GmshShape::triangle, {c[3], c[2], c[6]}, terminal_of(name));
        add(GmshShape::triangle, {c[3], c[6], c[7]}, terminal_of(name));
      } else {
        add(GmshShape::quadrilateral, {c[3], c[2], c[6], c[7]}, terminal_of(name));
      }
      return;
    }
    const bool triangles = cut == Cut::tetrahedra || cut == Cut::prisms;
    const auto end = [&](const std::array<int, 4>& f, const std::string& terminal) {
      if (triangles) {
        add(GmshShape::triangle, {f[0], f[1], f[2]}, terminal);
        add(GmshShape::triangle, {f[0], f[2], f[3]}, terminal);
      } else {
        add(GmshShape::quadrilateral, {f.begin(), f.end()}, terminal);
      }
    };
    if (i == 0) end({c[0], c[3], c[7], c[4]}, "negative_collector");
    if (i == nx_ - 1)
      end(triangles ? std::array<int, 4>{c[1], c[2], c[6], c[5]} : std::array<int, 4>{c[1], c[5], c[6], c[2]},
          "positive_collector");
  }

  const BoxMesh& b_;
  int nx_, ny_, nz_;
  bool flat_;
  long number_ = 0;
  std::mt19937_64 generator_{7};
  GmshFile file_;
};

inline GmshFile make_boxes(const BoxMesh& block) { return BoxMaker(block).make(); }

/// The bytes of a file, text or binary, version 2 (2.2) or 4 (4.1).
class GmshWriter {
 public:
  GmshWriter(const GmshFile& file, int version, bool binary) : file_(file), binary_(binary) {
    line(version == 2 ? fmt::format("$MeshFormat\n2.2 {} 8", int(binary))
                      : fmt::format("$MeshFormat\n4.1 {} 8", int(binary)));
    if (binary) put<std::int32_t>(1), text_ += '\n';
    line("$EndMeshFormat");
    line(fmt::format("$PhysicalNames\n{}", file.groups.size()));
    for (const auto& g : file.groups) line(fmt::format("{} {} \"{}\"", g.dimension, g.tag, g.name));
    line("$EndPhysicalNames");
    version == 2 ? write_2() : write_4();
  }
  const std::string& text() const { return text_; }

 private:
  void line(const std::string& text) { text_ += text + '\n'; }
  template <class Number>
  void put(double value) {
    const auto number = static_cast<Number>(value);
    text_.append(reinterpret_cast<const char*>(&number), sizeof number);
  }
  void integer(long value) { binary_ ? put<std::int32_t>(value) : void(text_ += fmt::format("{} ", value)); }
  void tag(long value) { binary_ ? put<std::int64_t>(value) : void(text_ += fmt::format("{} ", value)); }
  void real(double value) { binary_ ? put<double>(value) : void(text_ += fmt::format("{} ", value)); }
  void end() {
    if (!binary_) text_ += '\n';
  }
  long elements() const {
    long sum = 0;
    for (const auto& e : file_.elements) sum += e.size();
    return sum;
  }

  void write_2() {
    line(fmt::format("$Nodes\n{}", file_.points.size()));
    for (std::size_t i = 0; i < file_.points.size(); ++i) {
      integer(long(i) + 1);
      for (double x : file_.points[i]) real(x);
      end();
    }
    if (binary_) text_ += '\n';
    line("$EndNodes");
    line(fmt::format("$Elements\n{}", elements()));
    for (int s = 0; s < gmsh_shapes; ++s) {
      const GmshElements& e = file_.elements[s];
      const int n = vertices_of(static_cast<GmshShape>(s));
      for (int i = 0; i < e.size(); ++i) {
        if (binary_ && i == 0) integer(s + 1), integer(e.size()), integer(2);
        integer(e.number[i]);
        if (!binary_) integer(s + 1), integer(2);
        integer(e.group[i]), integer(1);
        for (int k = 0; k < n; ++k) integer(e.vertices[i * n + k] + 1);
        end();
      }
    }
    if (binary_) text_ += '\n';
    line("$EndElements");
  }

  /// One entity a physical group, under the group's own tag; all nodes in the first.
  void write_4() {
    std::array<int, 4> entities{};
    for (const auto& g : file_.groups) ++entities[g.dimension];
    line("$Entities");
    for (int n : entities) tag(n);
    end();
    for (int d = 1; d < 4; ++d)
      for (const auto& g : file_.groups) {
        if (g.dimension != d) continue;
        integer(g.tag);
        for (int q = 0; q < 6; ++q) real(q);
        tag(1), integer(g.tag), tag(0);
        end();
      }
    if (binary_) text_ += '\n';
    line("$EndEntities\n$Nodes");
    const long n = static_cast<long>(file_.points.size());
    tag(1), tag(n), tag(1), tag(n), end();
    integer(file_.groups[0].dimension), integer(file_.groups[0].tag), integer(0), tag(n), end();
    for (long i = 0; i < n; ++i) tag(i + 1), end();
    for (const auto& point : file_.points) {
      for (double x : point) real(x);
      end();
    }
    if (binary_) text_ += '\n';
    line("$EndNodes\n$Elements");
    std::map<std::pair<int, int>, std::vector<int>> blocks;  // shape and group -> elements
    for (int s = 0; s < gmsh_shapes; ++s)
      for (int i = 0; i < file_.elements[s].size(); ++i) blocks[{s, file_.elements[s].group[i]}].push_back(i);
    tag(long(blocks.size())), tag(elements()), tag(1), tag(elements()), end();
    for (const auto& [key, members] : blocks) {
      const auto shape = static_cast<GmshShape>(key.first);
      integer(dimension_of(shape)), integer(key.second), integer(key.first + 1), tag(long(members.size())), end();
      for (int i : members) {
        tag(file_.of(shape).number[i]);
        for (int k = 0; k < vertices_of(shape); ++k) tag(file_.of(shape).vertices[i * vertices_of(shape) + k] + 1);
        end();
      }
    }
    if (binary_) text_ += '\n';
    line("$EndElements");
  }

  const GmshFile& file_;
  bool binary_;
  std::string text_;
};

inline std::string gmsh_bytes(const GmshFile& file, int version, bool binary) {
  return GmshWriter(file, version, binary).text();
}

/// A pouch's layers with foils of 5 and 7.5 um, cut into `n` boxes along y and along z, each `box` wide. [um]
inline BoxMesh pouch_boxes(const Cell& cell, Cut cut, double box, int n) {
  BoxMesh block = layered_boxes(cell, 3, 2, equal_edges(n * box, n), equal_edges(n * box, n));
  for (double& x : block.x) x += 5;
  block.x.insert(block.x.begin(), 0);
  block.x.push_back(block.x.back() + 7.5);
  const auto layers = block.region;
  block.region = [layers](int i, int j, int k) {
    return i == 0 ? std::string("negative_foil") : i == 9 ? std::string("positive_foil") : layers(i - 1, j, k);
  };
  block.cut = cut;
  block.ends = true;
  return block;
}

}  // namespace porelith
