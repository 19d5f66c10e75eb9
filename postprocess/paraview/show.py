"""Shows the salt concentration and the reaction rate of a run in ParaView, side by side, through its last time.

    paraview --script=postprocess/paraview/show.py -- RESULTS     a window to play in
    pvpython postprocess/paraview/show.py RESULTS [PICTURE.png]   a picture: RESULTS/paraview.png unless named

RESULTS is the folder of a run, or its fields.pvd; PORELITH_RESULTS in the environment says it too.
"""
import os
import sys

from paraview import simple as pv

SHOWN = (("c_e", "salt concentration [mol/m3]"), ("reaction_rate", "reaction rate [A/m3]"))


def words():
    """What stands on the command line after this script's own name."""
    given = [word for word in sys.argv[1:] if word != "--" and not word.endswith("show.py")]
    if not given and "PORELITH_RESULTS" in os.environ:
        given = [os.environ["PORELITH_RESULTS"]]
    if not given:
        sys.exit("show.py: name the folder of a run, or set PORELITH_RESULTS")
    return given


def series_of(results):
    path = os.path.join(results, "fields.pvd") if os.path.isdir(results) else results
    if not os.path.isfile(path):
        sys.exit(f"show.py: {path} is not there; a run writes it unless output.vtk is false")
    return path


def extent(bounds):
    return [bounds[2 * k + 1] - bounds[2 * k] for k in range(3)]


def without_channels(source):
    """What is at least half matrix, separator or foil, so that one looks into the channels."""
    if source.CellData.GetArray("matrix") is None:
        return source
    return pv.Threshold(Input=source, Scalars=["CELLS", "matrix"], LowerThreshold=0.5, UpperThreshold=1.0)


def look(source, view):
    """At a plane mesh from the front; at a solid one from the side of its channels, y = z = 0."""
    sizes = extent(source.GetDataInformation().GetBounds())
    if min(sizes) > 0:
        view.CameraFocalPoint = [0, 0, 0]
        view.CameraPosition = [0.35, -1, -0.8]
        view.CameraViewUp = [0, 0.6, -0.8]
    pv.ResetCamera(view)


def show(source, view, array, title):
    """One array over the mesh; thin directions are stretched so that all can be seen."""
    display = pv.Show(source, view)
    display.SetRepresentationType("Surface With Edges")
    sizes = extent(source.GetDataInformation().GetBounds())
    display.Scale = [1.0 if size <= 0 else min(50.0, max(sizes) / size / (1 if k == 0 else 2))
                     for k, size in enumerate(sizes)]
    pv.ColorBy(display, ("CELLS", array))
    display.RescaleTransferFunctionToDataRange(False, True)
    colours = pv.GetColorTransferFunction(array)
    colours.ApplyPreset("Viridis (matplotlib)", True)
    bar = pv.GetScalarBar(colours, view)
    bar.Title, bar.ComponentTitle = title, ""
    display.SetScalarBarVisibility(view, True)
    view.OrientationAxesVisibility = 1
    look(source, view)


def main():
    given = words()
    path = series_of(given[0])
    source = pv.PVDReader(FileName=path)
    source.UpdatePipelineInformation()
    times = list(source.TimestepValues)
    if not times:
        sys.exit(f"show.py: {path} holds no snapshot")
    pv.GetAnimationScene().UpdateAnimationUsingDataTimeSteps()
    source.UpdatePipeline(times[-1])
    layout = pv.CreateLayout("Porelith")
    views = []
    for array, title in SHOWN:
        view = pv.CreateRenderView()
        view.ViewTime = times[-1]
        pv.AssignViewToLayout(view, layout, 0)
        show(without_channels(source) if array == "reaction_rate" else source, view, array, title)
        views.append(view)
    pv.AddCameraLink(views[0], views[1], "together")
    pv.GetAnimationScene().AnimationTime = times[-1]
    pv.RenderAllViews()
    if "pvpython" in os.path.basename(sys.executable) or len(given) > 1:
        picture = given[1] if len(given) > 1 else os.path.join(os.path.dirname(path), "paraview.png")
        layout.SetSize(1800, 800)
        pv.SaveScreenshot(picture, layout)
        print(picture)


main()
