#include "meshes/gmsh/split.hpp"

#include <algorithm>
#include <unordered_map>

#include "meshes/gmsh/geometry.hpp"
#include "solver/base/error.hpp"

namespace porelith {

namespace {

/// Splits element by element; neighbours find each other's new points.
class Splitter {
 public:
  explicit Splitter(const GmshFile& file) : file_(file) {
    result_.name = file.name;
    result_.groups = file.groups;
    result_.points = file.points;
  }

  GmshFile split() {
    for (int s = 0; s < gmsh_shapes; ++s) {
      shape_ = static_cast<GmshShape>(s);
      const int n = vertices_of(shape_);
      const GmshElements& elements = file_.of(shape_);
      for (int i = 0; i < elements.size(); ++i) {
        v_ = &elements.vertices[std::size_t(i) * n];
        group_ = elements.group[i];
        number_ = elements.number[i];
        split_one();
      }
    }
    return std::move(result_);
  }

 private:
  /// The vertices of an edge or a face from the highest on; -1 where there are fewer.
  using Key = std::array<int, 4>;
  struct Hash {
    std::size_t operator()(const Key& key) const {
      std::uint64_t sum = 0;
      for (const int v : key) sum = (sum ^ std::uint64_t(v + 1)) * 0x9E3779B97F4A7C15u, sum ^= sum >> 29;
      return static_cast<std::size_t>(sum);
    }
  };

  int add_point(std::initializer_list<int> of) {
    if (result_.points.size() > 500'000'000)
      throw CaseError({{{file_.name, 0, 0}, "[mesh] split makes more than 500 million nodes"}});
    Point sum{};
    for (const int v : of) sum = plus(sum, 1.0 / of.size(), file_.points[v]);
    result_.points.push_back(sum);
    return static_cast<int>(result_.points.size()) - 1;
  }

  /// The point in the middle of an edge or a face of this element; arguments count its vertices.
  int middle(int a, int b) { return shared({v_[a], v_[b], -1, -1}, {v_[a], v_[b]}); }
  int middle(int a, int b, int c, int d) { return shared({v_[a], v_[b], v_[c], v_[d]}, {v_[a], v_[b], v_[c], v_[d]}); }
  int shared(Key key, std::initializer_list<int> of) {
    std::sort(key.begin(), key.end(), std::greater<int>());
    const auto [place, fresh] = middles_.try_emplace(key, 0);
    if (fresh) place->second = add_point(of);
    return place->second;
  }

  void add(GmshShape shape, std::initializer_list<int> vertices) {
    GmshElements& e = result_.of(shape);
    e.vertices.insert(e.vertices.end(), vertices);
    e.group.push_back(group_);
    e.number.push_back(number_);
  }

  void split_one() {
    switch (shape_) {
      case GmshShape::line:
        add(shape_, {v_[0], middle(0, 1)}), add(shape_, {middle(0, 1), v_[1]});
        return;
      case GmshShape::triangle:
        return split_triangle();
      case GmshShape::quadrilateral:
        return split_quadrilateral();
      case GmshShape::tetrahedron:
        return split_tetrahedron();
      case GmshShape::hexahedron:
        return split_hexahedron();
      case GmshShape::prism:
        return split_prism();
      case GmshShape::pyramid:
        return split_pyramid();
    }
  }

  void split_triangle() {
    const int a = middle(0, 1), b = middle(1, 2), c = middle(2, 0);
    add(shape_, {v_[0], a, c}), add(shape_, {a, v_[1], b}), add(shape_, {c, b, v_[2]}), add(shape_, {b, c, a});
  }

  void split_quadrilateral() {
    const int a = middle(0, 1), b = middle(1, 2), c = middle(2, 3), d = middle(3, 0), m = middle(0, 1, 2, 3);
    add(shape_, {v_[0], a, m, d}), add(shape_, {a, v_[1], b, m});
    add(shape_, {m, b, v_[2], c}), add(shape_, {d, m, c, v_[3]});
  }

  /// Four corners, and the octahedron between them along its shortest diagonal.
  void split_tetrahedron() {
    const int a = middle(0, 1), b = middle(1, 2), c = middle(0, 2), d = middle(0, 3), e = middle(1, 3),
              f = middle(2, 3);
    add(shape_, {v_[0], a, c, d}), add(shape_, {a, v_[1], b, e});
    add(shape_, {c, b, v_[2], f}), add(shape_, {d, e, f, v_[3]});
    const auto length = [&](int p, int q) {
      const Point way = minus(result_.points[p], result_.points[q]);
      return dot(way, way);
    };
    // Ends of each diagonal, and the ring of the other four around it, seen from its end as running the same way.
    const std::array<int, 6> diagonals[] = {{a, f, c, d, e, b}, {b, d, a, e, f, c}, {c, e, a, b, f, d}};
    const auto& best = *std::min_element(std::begin(diagonals), std::end(diagonals), [&](const auto& p, const auto& q) {
      return length(p[0], p[1]) < length(q[0], q[1]);
    });
    for (int i = 0; i < 4; ++i) add(shape_, {best[0], best[1], best[2 + i], best[2 + (i + 1) % 4]});
  }

  void split_hexahedron() {
    // Points of a 3 x 3 x 3 lattice; corners by Gmsh's numbers.
    const int m = add_point({v_[0], v_[1], v_[2], v_[3], v_[4], v_[5], v_[6], v_[7]});
    const int lattice[3][3][3] = {
        // [k][j][i]
        {{v_[0], middle(0, 1), v_[1]}, {middle(0, 3), middle(0, 1, 2, 3), middle(1, 2)}, {v_[3], middle(2, 3), v_[2]}},
        {{middle(0, 4), middle(0, 1, 5, 4), middle(1, 5)},
         {middle(0, 3, 7, 4), m, middle(1, 2, 6, 5)},
         {middle(3, 7), middle(2, 3, 7, 6), middle(2, 6)}},
        {{v_[4], middle(4, 5), v_[5]}, {middle(4, 7), middle(4, 5, 6, 7), middle(5, 6)}, {v_[7], middle(6, 7), v_[6]}}};
    for (int k = 0; k < 2; ++k)
      for (int j = 0; j < 2; ++j)
        for (int i = 0; i < 2; ++i)
          add(shape_,
              {lattice[k][j][i], lattice[k][j][i + 1], lattice[k][j + 1][i + 1], lattice[k][j + 1][i],
               lattice[k + 1][j][i], lattice[k + 1][j][i + 1], lattice[k + 1][j + 1][i + 1], lattice[k + 1][j + 1][i]});
  }

  void split_prism() {
    // Three layers of a triangle's corners and the middles of its sides.
    const int layer[3][6] = {
        {v_[0], v_[1], v_[2], middle(0, 1), middle(1, 2), middle(2, 0)},
        {middle(0, 3), middle(1, 4), middle(2, 5), middle(0, 1, 4, 3), middle(1, 2, 5, 4), middle(2, 0, 3, 5)},
        {v_[3], v_[4], v_[5], middle(3, 4), middle(4, 5), middle(5, 3)}};
    for (int k = 0; k < 2; ++k)
      for (const auto& t : {std::array<int, 3>{0, 3, 5}, {3, 1, 4}, {5, 4, 2}, {4, 5, 3}})
        add(shape_, {layer[k][t[0]], layer[k][t[1]], layer[k][t[2]], layer[k + 1][t[0]], layer[k + 1][t[1]],
                     layer[k + 1][t[2]]});
  }

  /// Four pyramids on the base, one in the tip, one upside down under it, and a tetrahedron at each side between.
  void split_pyramid() {
    const int a = middle(0, 1), b = middle(1, 2), c = middle(2, 3), d = middle(3, 0), m = middle(0, 1, 2, 3);
    const int p = middle(0, 4), q = middle(1, 4), r = middle(2, 4), s = middle(3, 4);
    add(shape_, {v_[0], a, m, d, p}), add(shape_, {a, v_[1], b, m, q});
    add(shape_, {m, b, v_[2], c, r}), add(shape_, {d, m, c, v_[3], s});
    add(shape_, {p, q, r, s, v_[4]}), add(shape_, {p, s, r, q, m});
    add(GmshShape::tetrahedron, {a, m, p, q}), add(GmshShape::tetrahedron, {b, m, q, r});
    add(GmshShape::tetrahedron, {c, m, r, s}), add(GmshShape::tetrahedron, {d, m, s, p});
  }

  const GmshFile& file_;
  GmshFile result_;
  std::unordered_map<Key, int, Hash> middles_;
  GmshShape shape_ = GmshShape::line;
  const int* v_ = nullptr;  ///< vertices of the element at work
  int group_ = 0;
  std::int64_t number_ = 0;
};

}  // namespace

GmshFile split_elements(const GmshFile& file) { return Splitter(file).split(); }

}  // namespace porelith
