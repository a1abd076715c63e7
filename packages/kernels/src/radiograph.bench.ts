import { radiograph, type Crossed, type Rays } from "./radiograph.ts";
import { report } from "./stopwatch.ts";

const [pixels, sad] = [400, 1000];

function chest(): Crossed {
  const values = new Int16Array(512 * 512 * 150);
  for (let i = 0; i < values.length; i++) values[i] = ((i * 2654435761) >>> 21) - 1024;
  return { values, size: [512, 512, 150], patientFromVoxel: Float64Array.of(0.977, 0, 0, -249.6, 0, 0.977, 0, -249.6, 0, 0, 3, -223.5) };
}

const rays: Rays = { source: [0, -sad, 0], corner: [-199.5, 0, 199.5], right: [1, 0, 0], down: [0, 0, -1] };

/** A radiograph of 400 × 400 through a chest of 512 × 512 × 150, against nearest voxels at steps of 1 mm, row for row. */
export function bench(): void {
  const volume = chest();
  const rows = [190, 210] as const;
  const perRow = (draw: (rows: readonly [number, number]) => void) => {
    draw(rows);
    const start = performance.now();
    draw(rows);
    return (performance.now() - start) / (rows[1] - rows[0]);
  };
  const ours = perRow((part) => void radiograph(volume, rays, pixels, pixels, { scale: 1 / 1000, offset: 1, rows: part })) * pixels;
  report("kernels/radiograph, 400 × 400", ours, "nearest voxel each 1 mm", perRow((part) => stepped(volume, part)) * pixels);
}

function stepped({ values }: Crossed, [first, end]: readonly [number, number]): Float32Array {
  const out = new Float32Array(pixels * pixels);
  for (let row = first; row < end; row++) {
    for (let column = 0; column < pixels; column++) {
      const [x, z] = [column - 199.5, 199.5 - row];
      const length = Math.hypot(x, sad, z);
      let sum = 0;
      for (let mm = 700; mm < 1300; mm++) {
        const share = mm / length;
        const i = Math.round((x * share + 249.6) / 0.977);
        const j = Math.round((sad * share - sad + 249.6) / 0.977);
        const k = Math.round((z * share + 223.5) / 3);
        if (i >= 0 && j >= 0 && k >= 0 && i < 512 && j < 512 && k < 150) sum += Math.max(0, 1 + (values[i + 512 * (j + 512 * k)] as number) / 1000);
      }
      out[row * pixels + column] = sum;
    }
  }
  return out;
}

if (import.meta.main) bench();
