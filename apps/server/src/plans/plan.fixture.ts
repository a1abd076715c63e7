import type { PlanMade } from "@hapax/planning";

/** A plan of one open field, as small as a plan can be; `gy` is what it prescribes to the PTV in 20 fractions. */
export function smallPlan(id: string, gy = 60, course?: string): PlanMade {
  const position = { gantryDeg: 0, collimatorDeg: 0, couchDeg: 0, isocenter: [-66, -30, -50] as const };
  const limits = { x: [-60, 60] as const, y: [-60, 60] as const };
  return {
    request: {
      schema: "hapax/plan", version: 1, id, name: `Chest ${gy} Gy in 20`, ...(course === undefined ? {} : { course }), technique: "3D conformal", intent: "CURATIVE", fractions: 20,
      prescriptions: [{ structure: "PTV", doseGy: gy }], normalization: { kind: "none" }, machine: { id: "generic-6mv", version: "1" }, curve: "matrad-default", gridMm: 10,
      beams: { given: [{ name: "AP", gantryDeg: 0, collimatorDeg: 0, couchDeg: 0 }] }, goals: [],
      conformal: { marginMm: 5, leafStrategy: "middle", fieldsInField: 0, hottestPercent: 107 },
    },
    madeFrom: { ct: "1.2.3", structureSet: "1.2.4", frameOfReference: "1.2.5", synthetic: true, engine: "Hapax 0.1.0", machine: { id: "generic-6mv", version: "1", name: "Generic" }, cones: 24, earlier: [] },
    isocenter: position.isocenter,
    beams: [{
      number: 1, name: "AP", type: "STATIC", radiation: "PHOTON", machine: "generic-6mv", energyMv: 6, sadMm: 1000, meterset: 300,
      controlPoints: [{ metersetShare: 0, ...position, limits }, { metersetShare: 1, ...position, limits }],
    }],
    outcomes: [], holds: [], indices: [], maximum: { gy: 65, at: [0, 0, 0] }, mu: 300, segments: 1,
    delivery: { seconds: 60, assumptions: ["600 MU a minute"] }, history: [], sequencing: [], seconds: 1, stopped: false, notes: [],
  };
}
