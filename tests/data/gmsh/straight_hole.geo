// A straight quarter hole of prisms in a matrix of hexahedra, as straight_hole.msh has it; 2D cross-section in the
// plane x = 0, extruded through the layers. um.
SetFactory("OpenCASCADE");
Rectangle(1) = {0, 0, 0, 30, 30};
Rectangle(2) = {0, 0, 0, 30, 30};
Disk(3) = {0, 0, 0, 12};
quarter() = BooleanIntersection{ Surface{3}; Delete; }{ Surface{2}; Delete; };
BooleanFragments{ Surface{1}; Delete; }{ Surface{quarter()}; Delete; }
hole() = Surface In BoundingBox{-1, -1, -1, 12.1, 12.1, 1};
matrix() = Surface{:};
matrix() -= hole();
Rotate{{1, 1, 1}, {0, 0, 0}, 2*Pi/3}{ Surface{matrix(0), hole(0)}; }
MeshSize{:} = 10;
Recombine Surface{matrix(0)};
n() = Extrude{112.4, 0, 0}{ Surface{matrix(0), hole(0)}; Layers{5}; Recombine; };
ends() = Surface In BoundingBox{112.3, -1, -1, 112.5, 31, 31};
s() = Extrude{20, 0, 0}{ Surface{ends()}; Layers{3}; Recombine; };
ends() = Surface In BoundingBox{132.3, -1, -1, 132.5, 31, 31};
p() = Extrude{104.6, 0, 0}{ Surface{ends()}; Layers{5}; Recombine; };
Physical Volume("negative_channel") = Volume In BoundingBox{-1, -1, -1, 112.5, 12.1, 12.1};
all() = Volume In BoundingBox{-1, -1, -1, 112.5, 31, 31};
all() -= Volume In BoundingBox{-1, -1, -1, 112.5, 12.1, 12.1};
Physical Volume("negative") = all();
Physical Volume("separator") = Volume In BoundingBox{112.3, -1, -1, 132.5, 31, 31};
Physical Volume("positive") = Volume In BoundingBox{132.3, -1, -1, 238, 31, 31};
Physical Surface("negative_collector") = Surface In BoundingBox{-1, -1, -1, 1, 31, 31};
Physical Surface("positive_collector") = Surface In BoundingBox{236.9, -1, -1, 238, 31, 31};
Mesh.ElementOrder = 1;
