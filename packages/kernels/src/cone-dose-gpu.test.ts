import { afterEach, describe, expect, test, vi } from "vitest";
import { coneDoseOnGpu, gpuCones } from "./cone-dose-gpu.ts";
import { coneDose } from "./cone-dose.ts";
import { coneDoseWith } from "./cone-dose-wasm.ts";
import type { ConeField, Cones } from "./cone-field.ts";
import { plainCrew } from "./crew.ts";

// What a card computes is tested in a browser: tests/cones-on-a-card.browser.test.ts.
const values = new Float32Array(60).fill(1);
const field: ConeField = { size: [3, 4, 5], spacingMm: [2, 2, 2], density: values, terma: values, hardTerma: values, sourceMm: [2, -1000, 4], axis: [0, 1, 0] };
const cones: Cones = { count: 1, directions: Float32Array.of(0, 1, 0), rates: Float32Array.of(0.1, 0.01), shares: new Float32Array(6).fill(0.2), tilts: new Float32Array(1) };

afterEach(() => vi.unstubAllGlobals());

const offer = (adapter: unknown) => vi.stubGlobal("navigator", { gpu: { requestAdapter: () => Promise.resolve(adapter) } });
const info = { vendor: "acme", architecture: "", device: "", description: "", isFallbackAdapter: false };

describe("the choice of a graphics card", () => {
  test("where the browser has no WebGPU, or no adapter, there is none", async () => {
    vi.stubGlobal("navigator", undefined);
    expect(await gpuCones()).toBeUndefined();
    vi.stubGlobal("navigator", {});
    expect(await gpuCones()).toBeUndefined();
    offer(null);
    expect(await gpuCones()).toBeUndefined();
  });

  test.each([
    ["says so", { isFallbackAdapter: true }],
    ["is SwiftShader", { vendor: "google", architecture: "swiftshader" }],
    ["is llvmpipe", { description: "llvmpipe (LLVM 15.0.6, 256 bits)" }],
    ["is Windows' own", { description: "Microsoft Basic Render Driver" }],
  ])("a card that is a program is not even opened: it %s", async (_, named) => {
    const requestDevice = vi.fn();
    offer({ info: { ...info, ...named }, limits: {}, requestDevice });
    expect(await gpuCones()).toBeUndefined();
    expect(requestDevice).not.toHaveBeenCalled();
  });

  test("a card that does not open is none", async () => {
    const requestDevice = vi.fn(() => Promise.reject(new Error("no more devices")));
    offer({ info, limits: {}, requestDevice });
    expect(await gpuCones()).toBeUndefined();
    expect(requestDevice).toHaveBeenCalledOnce();
  });
});

test("a grid larger than a card's buffers is refused, with both sizes", async () => {
  const device = { limits: { maxStorageBufferBindingSize: 200, maxBufferSize: 1000 } } as GPUDevice;
  // 60 voxels of 4 bytes
  await expect(coneDoseOnGpu(device, field, cones)).rejects.toThrow(new RangeError("A grid of 240 bytes is more than the 200 that the graphics card takes."));
});

test("a crew leaves cones to its card, and does itself what the card cannot", async () => {
  const fromCard = new Float32Array(60).fill(7);
  const crewWith = (dose: Float32Array | undefined) => ({ ...plainCrew, gpu: { name: "acme", dose: () => Promise.resolve(dose), close: () => undefined } });
  expect(await coneDoseWith(crewWith(fromCard), field, cones)).toBe(fromCard);
  expect(await coneDoseWith(crewWith(undefined), field, cones)).toEqual(coneDose(field, cones));
});
