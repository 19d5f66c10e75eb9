// A unit cell of an electrode pair with tapered holes in a square array: the quarter hole between two mirror planes.
// x runs from the negative to the positive collector. All lengths in um; in the case file: [mesh] unit = "um".
//
//   gmsh -3 tapered_hole.geo -o tapered_hole.msh -setnumber size 10 -setnumber negative_top 20
//
// Text or binary (-bin), format 4.1 (the default) or 2.2 (-format msh22). Hexahedra instead of tetrahedra:
// -setnumber Mesh.SubdivisionAlgorithm 2.
SetFactory("OpenCASCADE");

DefineConstant[
  negative = {112.4, Min 1, Name "Thickness/1 negative electrode"}
  separator = {20, Min 1, Name "Thickness/2 separator"}
  positive = {104.6, Min 1, Name "Thickness/3 positive electrode"}
  pitch = {60, Min 1, Name "Holes/1 distance between centres"}
  negative_top = {15, Min 0, Name "Holes/2 radius in the negative electrode at the separator"}
  negative_bottom = {6, Min 0, Name "Holes/3 radius in the negative electrode at its far end"}
  negative_depth = {1, Min 0.01, Max 1, Name "Holes/4 depth over the negative electrode's thickness"}
  positive_top = {0, Min 0, Name "Holes/5 radius in the positive electrode at the separator"}
  positive_bottom = {0, Min 0, Name "Holes/6 radius in the positive electrode at its far end"}
  positive_depth = {1, Min 0.01, Max 1, Name "Holes/7 depth over the positive electrode's thickness"}
  size = {8, Min 0.1, Name "Elements/1 size"}
  fine = {0.4, Min 0.01, Max 1, Name "Elements/2 size at the separator and the holes over that"}
];

half = pitch/2;
whole = negative + separator + positive;
Box(1) = {0, 0, 0, negative, half, half};
Box(2) = {negative, 0, 0, separator, half, half};
Box(3) = {negative + separator, 0, 0, positive, half, half};

// A quarter of each hole: from the separator into the electrode.
holes[] = {};
If (negative_top > 0 || negative_bottom > 0)
  If (negative_top == negative_bottom)
    Cylinder(4) = {negative, 0, 0, -negative_depth*negative, 0, 0, negative_top};
  Else
    Cone(4) = {negative, 0, 0, -negative_depth*negative, 0, 0, negative_top, negative_bottom};
  EndIf
  holes[] += 4;
EndIf
If (positive_top > 0 || positive_bottom > 0)
  If (positive_top == positive_bottom)
    Cylinder(5) = {negative + separator, 0, 0, positive_depth*positive, 0, 0, positive_top};
  Else
    Cone(5) = {negative + separator, 0, 0, positive_depth*positive, 0, 0, positive_top, positive_bottom};
  EndIf
  holes[] += 5;
EndIf
If (#holes[] > 0)
  Box(6) = {0, 0, 0, whole, half, half};
  quarters[] = BooleanIntersection{ Volume{holes[]}; Delete; }{ Volume{6}; Delete; };
  BooleanFragments{ Volume{1, 2, 3}; Delete; }{ Volume{quarters[]}; Delete; }
EndIf
Coherence;

// Which volume is what: by where its centre lies.
e = 1e-3;
in_negative[] = Volume In BoundingBox{-e, -e, -e, negative + e, half + e, half + e};
in_separator[] = Volume In BoundingBox{negative - e, -e, -e, negative + separator + e, half + e, half + e};
in_positive[] = Volume In BoundingBox{negative + separator - e, -e, -e, whole + e, half + e, half + e};
reach_n = negative_top > negative_bottom ? negative_top : negative_bottom;
reach_p = positive_top > positive_bottom ? positive_top : positive_bottom;
negative_holes[] = Volume In BoundingBox{-e, -e, -e, negative + e, reach_n + e, reach_n + e};
positive_holes[] = Volume In BoundingBox{negative + separator - e, -e, -e, whole + e, reach_p + e, reach_p + e};
in_negative[] -= negative_holes[];
in_positive[] -= positive_holes[];

Physical Volume("negative") = in_negative[];
Physical Volume("separator") = in_separator[];
Physical Volume("positive") = in_positive[];
If (#negative_holes[] > 0)
  Physical Volume("negative_channel") = negative_holes[];
EndIf
If (#positive_holes[] > 0)
  Physical Volume("positive_channel") = positive_holes[];
EndIf
Physical Surface("negative_collector") = Surface In BoundingBox{-e, -e, -e, e, half + e, half + e};
Physical Surface("positive_collector") = Surface In BoundingBox{whole - e, -e, -e, whole + e, half + e, half + e};

// Fine where the fields bend: at the separator's two faces and along the holes.
near_separator[] = Surface In BoundingBox{negative - e, -e, -e, negative + e, half + e, half + e};
near_separator[] += Surface In BoundingBox{negative + separator - e, -e, -e, negative + separator + e, half + e, half + e};
Field[1] = Distance;
Field[1].SurfacesList = {near_separator[]};
Field[2] = Threshold;
Field[2].InField = 1;
Field[2].SizeMin = fine*size;
Field[2].SizeMax = size;
Field[2].DistMin = 0;
Field[2].DistMax = 4*size;
fields[] = {2};
If (#holes[] > 0)
  hole_walls[] = Abs(Boundary{ Volume{negative_holes[], positive_holes[]}; });
  Field[3] = Distance;
  Field[3].SurfacesList = {hole_walls[]};
  Field[4] = Threshold;
  Field[4].InField = 3;
  Field[4].SizeMin = fine*size;
  Field[4].SizeMax = size;
  Field[4].DistMin = 0;
  Field[4].DistMax = 4*size;
  fields[] += {4};
EndIf
Field[5] = Min;
Field[5].FieldsList = {fields[]};
Background Field = 5;
Mesh.MeshSizeExtendFromBoundary = 0;
Mesh.MeshSizeFromPoints = 0;
Mesh.MeshSizeFromCurvature = 0;
Mesh.Optimize = 1;
