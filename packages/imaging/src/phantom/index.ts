export { paintCt, ctGrid, type Quality } from "./ct.ts";
export { anatomyOf, type Anatomy } from "./anatomy.ts";
export { phantomEdition, phantomRegistration, phantomSpec, type MassSpec, type PhantomSpec, type StudySpec } from "./spec.ts";
export { phantomStudies, uidOf, type PhantomStudy } from "./phantom-study.ts";
export { studyPet, studyStructures, studyVolume, type PhantomOptions } from "./study.ts";
export { studyPlan, type Fields } from "./plan.ts";
