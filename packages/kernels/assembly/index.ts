// The compiled kernels, one module. A kernel is a file beside this one: functions of numbers and of pointers that TypeScript
// laid out (`load<f32>`, `v128`; no classes, no arrays, no globals that change: every thread has its own instance of the module
// over one memory). It is exported here, and a crew runs it by its name.
export { coneClear, coneDepart, coneExtents, coneSum, coneSweep, coneTranspose } from "./cone-dose";
export { pencilAdjoint, pencilConvolve, pencilGather } from "./pencil-beam";
export { releaseRows } from "./terma";
export { depthAlongRays } from "./water-depth";
