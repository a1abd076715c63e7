import { comptonRatio, electronMev } from "./compton.ts";
import { knockOnCosine, knockOnEnergy } from "./knock-on.ts";
import { waterTables } from "./water.ts";

/** A layer of water of some density, met on the way down. */
export interface Layer {
  readonly thicknessCm: number;
  /** Relative to water, that is g/cm³. */
  readonly density: number;
}

/** Takes energy, MeV, left at a place, cm; z is the depth, the density that of the layer. */
export type Score = (xCm: number, yCm: number, zCm: number, density: number, energyMev: number) => void;

export interface Cutoffs {
  /** A photon of less is absorbed where it is, MeV. */
  readonly photonMev: number;
  /** An electron of less stops where it is, MeV of kinetic energy. */
  readonly electronMev: number;
}

export const usualCutoffs: Cutoffs = { photonMev: 0.02, electronMev: 0.06 };

/** What left the layers, MeV, in photons and in electrons; a positron takes the two photons with it that it would end in. */
export interface Escaped {
  readonly photonsMev: number;
  readonly electronsMev: number;
}

export interface Transport {
  /**
   * Follows one photon and all that comes of it.
   *
   * @param energyMev  below the end of the tables, 8 MeV
   * @param xCm        where it begins, as yCm and zCm
   * @param u          its direction, of length 1, as v and w; w is down
   * @param interact   whether it interacts where it begins
   */
  enter(energyMev: number, xCm: number, yCm: number, zCm: number, u: number, v: number, w: number, interact?: boolean): void;
  /** Sums over all that entered. */
  readonly escaped: Escaped;
}

/** Version of the physics below; part of what is stored. */
export const physicsVersion = "1";

// A particle is nine numbers on a stack.
const size = 9;
const KIND = 0;
const ENERGY = 1;
const X = 2;
const Y = 3;
const Z = 4;
const U = 5;
const V = 6;
const W = 7;
const LAYER = 8;
const photon = 0;
const electron = 1;
const positron = 2;

/** Share of its energy that an electron loses in one step, but for what it knocks on and radiates. */
const lossPerStep = 0.1;

/** Least kinetic energy of an electron that is knocked on for itself, MeV. */
const knockMev = 0.1;

/**
 * Photons, electrons and positrons through layers that reach sideways without end, all of them water of some density.
 *
 * Photons: Klein and Nishina's scatter of free electrons, pairs, absorption; coherent scatter, which turns little and
 * loses nothing, is left out. Electrons: condensed steps. What an electron knocks on above 0.1 MeV and what it radiates is
 * drawn one by one; the rest of its loss is the mean, without straggling. Within each step it is turned once, at a place
 * drawn: by many small angles, a Gaussian of the sphere, and at times by a large one, together with the mean cosine of the
 * cross section. Positrons slow down as electrons do and end in two photons. A step is a thickness in g/cm², so it crosses
 * from layer to layer exactly.
 *
 * @param layers   from the surface down; beyond them, and above the surface, is vacuum
 * @param random   numbers between 0 and 1
 * @param score    takes what is left in the layers
 * @param cutoffs  where a particle is no longer followed
 * @source         klein1929, kahn1956, hubbell1995, estar2005, moller1932, salvat2006
 */
export function slabTransport(layers: readonly Layer[], random: () => number, score: Score, cutoffs: Cutoffs = usualCutoffs): Transport {
  const { attenuation, compton, pairs, collision, radiative, knocked, transport, rutherford } = waterTables(knockMev);
  const density = Float64Array.from(layers, (layer) => layer.density);
  const edges = new Float64Array(layers.length + 1);
  layers.forEach((layer, i) => (edges[i + 1] = (edges[i] as number) + layer.thicknessCm));
  const stack = new Float64Array(size * 64);
  const here = new Float64Array(size);
  const escaped = { photonsMev: 0, electronsMev: 0 };
  let waiting = 0;

  const at = (table: Float64Array, energyMev: number): number => {
    const place = energyMev * 1000;
    const below = Math.floor(place);
    const low = table[below] as number;
    return low + (place - below) * ((table[below + 1] as number) - low);
  };

  /** Moves along the direction by a thickness, g/cm²; false when the layers end before. */
  function move(thickness: number): boolean {
    const w = here[W] as number;
    let z = here[Z] as number;
    let layer = here[LAYER] as number;
    let left = thickness;
    let way = 0;
    for (;;) {
      const rho = density[layer] as number;
      const toEdge = w > 0 ? ((edges[layer + 1] as number) - z) / w : w < 0 ? ((edges[layer] as number) - z) / w : Infinity;
      const step = left / rho;
      if (step < toEdge) {
        way += step;
        here[X] = (here[X] as number) + way * (here[U] as number);
        here[Y] = (here[Y] as number) + way * (here[V] as number);
        here[Z] = z + step * w;
        here[LAYER] = layer;
        return true;
      }
      way += toEdge;
      left -= toEdge * rho;
      if (w > 0) z = edges[++layer] as number;
      else z = edges[layer--] as number;
      if (layer < 0 || layer >= density.length) return false;
    }
  }

  /** Turns the direction at `o` of an array by an angle of the given cosine, about itself by any angle. */
  function turn(particle: Float64Array, o: number, cosine: number, azimuth: number): void {
    const sine = Math.sqrt(Math.max(0, 1 - cosine * cosine));
    const a = sine * Math.cos(azimuth);
    const b = sine * Math.sin(azimuth);
    const u = particle[o + U] as number;
    const v = particle[o + V] as number;
    const w = particle[o + W] as number;
    const across = u * u + v * v;
    if (across < 1e-12) {
      particle[o + U] = a;
      particle[o + V] = b;
      particle[o + W] = w > 0 ? cosine : -cosine;
      return;
    }
    const root = Math.sqrt(across);
    const turnedU = u * cosine + (a * u * w - b * v) / root;
    const turnedV = v * cosine + (a * v * w + b * u) / root;
    const turnedW = w * cosine - a * root;
    const scale = 1 / Math.sqrt(turnedU * turnedU + turnedV * turnedV + turnedW * turnedW);
    particle[o + U] = turnedU * scale;
    particle[o + V] = turnedV * scale;
    particle[o + W] = turnedW * scale;
  }

  /** Leaves energy at the place. */
  function leave(energyMev: number): void {
    score(here[X] as number, here[Y] as number, here[Z] as number, density[here[LAYER] as number] as number, energyMev);
  }

  /** Puts a particle on the stack, here and in this direction turned, or leaves it here when it is below its cutoff. */
  function send(kind: number, energyMev: number, cosine: number, azimuth: number): void {
    // A positron is followed however slow, for the photons it ends in.
    if (kind !== positron && energyMev < (kind === photon ? cutoffs.photonMev : cutoffs.electronMev)) {
      leave(energyMev);
      return;
    }
    const o = size * waiting++;
    for (let i = 0; i < size; i++) stack[o + i] = here[i] as number;
    stack[o + KIND] = kind;
    stack[o + ENERGY] = energyMev;
    turn(stack, o, cosine, azimuth);
  }

  const anyAzimuth = (): number => 2 * Math.PI * random();

  function followPhoton(interactsHere: boolean): void {
    for (let first = interactsHere; ; first = false) {
      const energy = here[ENERGY] as number;
      if (!first && !move(-Math.log(random()) / at(attenuation, energy))) {
        escaped.photonsMev += energy;
        return;
      }
      const kind = random();
      const scatters = at(compton, energy);
      const azimuth = anyAzimuth();
      if (kind < scatters) {
        const ratio = comptonRatio(energy, random);
        const after = energy / ratio;
        const lost = energy - after;
        const cosine = 1 - ((ratio - 1) * electronMev) / energy;
        // Of the electron: momentum along the photon's way before, over its momentum.
        const electronCosine = (energy - after * cosine) / Math.sqrt(lost * (lost + 2 * electronMev));
        send(electron, lost, Math.min(1, electronCosine), azimuth + Math.PI);
        if (after < cutoffs.photonMev) {
          leave(after);
          return;
        }
        turn(here, 0, cosine, azimuth);
        here[ENERGY] = after;
      } else if (kind < scatters + at(pairs, energy)) {
        const kinetic = energy - 2 * electronMev;
        const share = kinetic * random();
        send(electron, share, Math.cos(electronMev / (share + electronMev)), azimuth);
        send(positron, kinetic - share, Math.cos(electronMev / (kinetic - share + electronMev)), azimuth + Math.PI);
        return;
      } else {
        leave(energy);
        return;
      }
    }
  }

  /**
   * Turns an electron of some energy as a thickness does: by many small angles at once, and at times by a large one. One
   * in three steps has a large one; together their mean of 1 − cos is that of the transport power.
   */
  function deflect(energyMev: number, thickness: number): void {
    const size = thickness * at(rutherford, energyMev);
    const least = 3 * size;
    const gamma = 1 + energyMev / electronMev;
    const betaSquared = 1 - 1 / (gamma * gamma);
    const large = size * (Math.log(2 / least) - betaSquared * (1 - least / 2));
    const small = Math.max(0, thickness * at(transport, energyMev) - large);
    turn(here, 0, Math.max(-1, 1 + (1 - Math.exp(-small)) * Math.log(random())), anyAzimuth());
    if (random() >= size * (1 / least - 0.5)) return;
    const opening = 1 / (0.5 + random() * (1 / least - 0.5));
    if (random() < 1 - (betaSquared * opening) / 2) turn(here, 0, 1 - opening, anyAzimuth());
  }

  /** Follows an electron or positron until it stops (true) or leaves. */
  function followElectron(): boolean {
    const cut = cutoffs.electronMev;
    const photonCut = cutoffs.photonMev;
    for (;;) {
      const energy = here[ENERGY] as number;
      if (energy < cut) {
        leave(energy);
        return true;
      }
      const lost = lossPerStep * energy;
      const middle = energy - lost / 2;
      const radiated = at(radiative, middle);
      // Bremsstrahlung carries as much energy in every interval of its spectrum, which ends at the electron's energy.
      const soft = (radiated * photonCut) / middle;
      const thickness = lost / (at(collision, middle) + soft);
      const hinge = thickness * random();
      const stop = thickness * random();
      const early = stop < hinge;
      if (!move(early ? stop : hinge)) {
        escaped.electronsMev += energy;
        return false;
      }
      if (early) {
        leave(lost);
        if (!move(hinge - stop)) {
          escaped.electronsMev += energy - lost;
          return false;
        }
      }
      deflect(middle, thickness);
      let after = energy - lost;
      if (random() < ((radiated * thickness) / middle) * Math.log(middle / photonCut)) {
        const emitted = Math.min(after, photonCut * (middle / photonCut) ** random());
        send(photon, emitted, Math.cos(electronMev / (middle + electronMev)), anyAzimuth());
        after -= emitted;
      }
      if (random() < thickness * at(knocked, middle)) {
        const knock = Math.min(after, knockOnEnergy(middle, knockMev, random));
        const azimuth = anyAzimuth();
        send(electron, knock, knockOnCosine(middle, knock), azimuth);
        turn(here, 0, knockOnCosine(middle, middle - knock), azimuth + Math.PI);
        after -= knock;
      }
      if (!early) {
        if (!move(stop - hinge)) {
          escaped.electronsMev += after + lost;
          return false;
        }
        leave(lost);
      }
      if (!move(thickness - (early ? hinge : stop))) {
        escaped.electronsMev += after;
        return false;
      }
      here[ENERGY] = after;
    }
  }

  /** Ends a positron that stands still. */
  function annihilate(): void {
    const cosine = 2 * random() - 1;
    const azimuth = anyAzimuth();
    send(photon, electronMev, cosine, azimuth);
    send(photon, electronMev, -cosine, azimuth + Math.PI);
  }

  function follow(interactsHere: boolean): void {
    followPhoton(interactsHere);
    while (waiting > 0) {
      const o = size * --waiting;
      for (let i = 0; i < size; i++) here[i] = stack[o + i] as number;
      if (here[KIND] === photon) {
        followPhoton(false);
        continue;
      }
      const stopped = followElectron();
      if (here[KIND] !== positron) continue;
      if (stopped) annihilate();
      else escaped.electronsMev += 2 * electronMev;
    }
  }

  return {
    escaped,
    enter(energyMev, xCm, yCm, zCm, u, v, w, interact = false) {
      here[KIND] = photon;
      here[ENERGY] = energyMev;
      here[X] = xCm;
      here[Y] = yCm;
      here[Z] = zCm;
      here[U] = u;
      here[V] = v;
      here[W] = w;
      let layer = 0;
      while (layer < density.length - 1 && zCm >= (edges[layer + 1] as number)) layer++;
      here[LAYER] = layer;
      follow(interact);
    },
  };
}
