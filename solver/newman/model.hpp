#pragma once
/// Newman's equations (E1)-(E5) on a mesh: residual and exact Jacobian of one implicit step. Isothermal: one
/// temperature of the whole cell, which may change from step to step.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "meshes/mesh.hpp"
#include "solver/base/team.hpp"
#include "solver/linear/block_system.hpp"
#include "solver/newman/kinetics.hpp"
#include "solver/newman/layout.hpp"
#include "solver/newman/linearisation.hpp"
#include "solver/newman/parameters.hpp"
#include "solver/newman/particles.hpp"
#include "solver/newman/surface.hpp"

namespace porelith {

/// One active material in one electrode, with everything an implicit step needs of it.
struct ModelBed : BedParameters {
  ModelBed(BedParameters parameters, const ElectrolyteAt& electrolyte, double T);

  Particles particles;
  Kinetics kinetics;
  FluxResponse response;
  std::optional<Surface> surface;  ///< where more than intercalation happens; it answers then in place of `response`
  std::vector<double> c_e, phi;    ///< gathered c_e and phi_s - phi_e
};

class Model {
 public:
  /// @param parameters on the cells of `mesh`, which `team` shares. Collective, as are update, current and assemble.
  Model(Parameters parameters, Mesh mesh, const Team& team = Team::alone());

  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  const Mesh& mesh() const { return mesh_; }
  const Team& team() const { return team_; }
  const Medium& medium() const { return medium_; }
  const Layout& layout() const { return layout_; }
  const std::vector<ModelBed>& beds() const { return beds_; }
  const ElectrolyteAt& electrolyte() const { return electrolyte_; }
  /// Whole-cell current per current through the mesh's footprint [1]
  double cells_in_parallel() const { return area_ / mesh_.footprint; }
  double area() const { return area_; }
  double temperature() const { return temperature_; }  ///< [K]

  /// Another medium on the same cells; what follows from it is derived anew. Collective.
  void set_medium(Medium medium);
  /// Another temperature of the whole cell [K]; all laws are taken at it. What is condensed is to be condensed anew.
  void set_temperature(double T);
  /// Other active fractions [1] and specific surfaces [m-1] of a bed, one a cell; nothing follows from them.
  void set_surfaces(std::size_t bed, std::vector<double> eps_s, std::vector<double> a);

  /// At rest with uniform stoichiometries; the potentials are those of open circuit.
  /// @param sto one stoichiometry a bed; those of a blend of one potential (OpenCircuit, F4), else they go on to it
  State rest(const std::vector<double>& sto) const;

  /// Eliminates the particles of the step  c_s = c_s_hat + gamma dc_s/dt  about `state`.
  void condense(double gamma, const State& hat, const State& state);

  /// Residual of (E1), (E2), (E5) and their derivatives at `state`, with the particles as condensed. The fluxes j of
  /// `state` start the kinetics and come back as their point of linearisation.
  /// @return false where a transport law is not positive on any rank (named in `complaint`)
  bool assemble(double gamma, const State& hat, State& state, BlockSystem& system, bool careful = false);

  /// The same equations at exactly `state`, particles condensed about its own shells; nothing of the model or the state
  /// changes. Collective.
  Linearisation linearise(double gamma, const State& hat, const State& state) const;

  // The same in two parts, for whoever keeps system and fields from state to state and adds what reacts in between.
  FaceFields face_fields() const { return fields_; }  ///< of the medium at hand
  /// Collective, ends with linearise_faces().
  void linearise_volumes(double gamma, const State& hat, const State& state, FaceFields& fields,
                         BlockSystem& system) const;
  void add_reactions(const ModelBed& bed, const SurfaceResponse& total, BlockSystem& system) const;
  /// @return why there is none (Linearisation::trouble), else ""
  std::string linearise_faces(const State& state, FaceFields& fields, BlockSystem& system) const;

  struct Update {
    double part;     ///< of the potentials' correction that was taken
    bool settled;    ///< the linearisation held: nothing was limited, no surface left its range
    Triple largest;  ///< |delta| of c_e, phi_e, phi_s over all ranks
  };
  /// Adds `delta` (c_e, phi_e, phi_s a cell) to the state; each flux follows its linearisation, so that what the linear
  /// system balanced is what the particles get. c_e falls by at most 90 % at once, the potentials move by at most
  /// `phi_limit` [V].
  Update update(const std::vector<Triple>& delta, double phi_limit, State& state) const;

  /// c_ss of every bed from its condensation and flux; with `shells` c_s too.
  void expand(const State& hat, State& state, bool shells) const;

  /// The further fields of a solved step  y = hat + gamma dy/dt.
  void follow(double gamma, const State& hat, State& state) const;

  /// Where D_s varies: the shells follow their fluxes and are condensed anew about where they have come to.
  /// @return how far they are from their own balance, as the largest change of stoichiometry that is left. Collective.
  double relinearise(double gamma, const State& hat, State& state);

  /// Is D_s positive wherever the particles of all ranks have come to? The first place where it is not is named in
  /// `complaint`. Collective.
  bool diffusivity_holds(const State& state);

  /// Linear solves that are not exact leave something of the salt balance over: shifts c_e everywhere so that all cells
  /// together hold as much salt as in `hat`. What one electrode's reaction gives the other's takes. Collective.
  void balance_salt(const State& hat, State& state) const;

  /// Current out of the positive collector at potential V, whole cell [A]
  double current(const State& state, double V) const;
  /// d(current)/dV [S]
  double collector_conductance() const { return collector_conductance_; }
  /// d(current)/d(phi_s) of this rank's terminal cells [S]
  const std::vector<Border::Entry>& terminals() const { return terminals_; }

  /// Largest residual of the kinetics in the last assemble, over all ranks [V]
  double kinetics_residual() const { return kinetics_residual_; }
  /// That of this rank's own cells, and its cell
  double own_kinetics_residual() const { return own_kinetics_residual_; }
  int kinetics_worst_cell() const { return kinetics_worst_cell_; }
  bool nonlinear_particles() const { return nonlinear_particles_; }
  long law_evaluations() const { return law_evaluations_; }
  /// What law is not positive where, the worst over all ranks: after assemble() or diffusivity_holds() has said so.
  const std::string& complaint() const { return complaint_; }

  /// Added to (E1), (E2), (E5) of every cell, integrated over its volume: for manufactured solutions.
  std::vector<Triple> source;

 private:
  void assemble_volumes(double gamma, const State& hat, const State& state, BlockSystem& system) const;
  void assemble_reaction(ModelBed& bed, const Layout::BedBlock& block, State& state, BlockSystem& system, bool careful);
  void assemble_surface(ModelBed& bed, const Layout::BedBlock& block, double gamma, const State& hat, State& state,
                        BlockSystem& system);
  void note_kinetics(const ModelBed& bed, const FluxResponse& response, const double* j);
  void add_reaction(const ModelBed& bed, const double* j, const FluxResponse& response, BlockSystem& system) const;
  KineticsRow linearise_bed(const ModelBed& bed, const Layout::BedBlock& block, double gamma, const State& hat,
                            const State& state, BlockSystem& system) const;
  SurfaceRows linearise_surface(const ModelBed& bed, const Layout::BedBlock& block, double gamma, const State& hat,
                                const State& state, BlockSystem& system) const;
  void gather(const ModelBed& bed, const State& state, std::vector<double>& c_e, std::vector<double>& phi) const;
  bool evaluate_electrolyte(FaceFields& fields) const;
  std::string electrolyte_complaint(const FaceFields& fields) const;
  void assemble_faces(double V, FaceFields& fields, BlockSystem& system) const;
  template <class Salt>
  void assemble_faces_with(const Salt& salt_potential, FaceFields& fields, BlockSystem& system) const;
  void assemble_collectors(const State& state, BlockSystem& system) const;
  void subtract_sources(BlockSystem& system) const;

  // What follows from the medium.
  void derive_medium();
  void derive_ways();
  void derive_electronic();

  /// State of own cells; ghosts are on their way until the exchange is finished.
  void gather(const State& state, FaceFields& fields) const;

  Mesh mesh_;
  Team team_ = Team::alone();
  Medium medium_;
  ElectrolyteAt electrolyte_;
  std::vector<ModelBed> beds_;
  Layout layout_;
  double area_, temperature_, collector_conductance_ = 0;
  bool nonlinear_particles_ = false, keeps_salt_ = true;
  double kinetics_residual_ = 0, own_kinetics_residual_ = 0;
  int kinetics_worst_cell_ = 0;
  long law_evaluations_ = 0;
  std::string complaint_;

  std::vector<std::array<double, 2>> ways_;          ///< d_owner/B and d_neighbour/B of every face [m]
  std::vector<double> electronic_;                   ///< conductance of every face to electrons [S]
  std::vector<double> negative_tie_, positive_tie_;  ///< collector faces' conductances [S]
  std::vector<Border::Entry> terminals_;
  FaceFields fields_;  ///< of the last assembly
  std::vector<FurtherField> further_;
};

}  // namespace porelith
