import { HapaxError, type Volume } from "@hapax/base";
import { ramp, unknownColors } from "@hapax/kernels";
import { bandsOf, washShare } from "./image/dose-bands.ts";
import { colorTables, refuseOtherFrames, voxelFromScreen, type Scene } from "./image/picture.ts";
import type { ViewPlane } from "./image/plane.ts";

/** The twin of `picture` on a graphics card: the same pixels, without the lines, which stay above it as vectors. */
export interface PlaneRenderer {
  /**
   * Draws scan, fusion and wash of a scene; the canvas then holds the picture, width × height of the plane, until the
   * next one. One renderer serves all views: its canvas is copied into each.
   *
   * @throws figures/texture-size where a volume is larger than the card takes; `picture` draws it all the same
   * @throws figures/other-frame-of-reference when layers do not share a frame of reference
   */
  draw(scene: Scene, plane: ViewPlane): HTMLCanvasElement | OffscreenCanvas;
  /** Pixels of the last picture, as `picture` gives them. */
  pixels(): Uint8ClampedArray<ArrayBuffer>;
  /** Frees the memory of a volume on the card. */
  forget(volume: Volume): void;
  /** Frees everything. */
  close(): void;
}

/** What draws: its name, and whether it is a program instead of a card; then the CPU renderer is the faster one. */
export interface Hardware {
  readonly name: string;
  readonly software: boolean;
}

/** What stands behind a context. */
export function hardware(gl: WebGL2RenderingContext): Hardware {
  const names = gl.getExtension("WEBGL_debug_renderer_info");
  const name = String(gl.getParameter(names === null ? gl.RENDERER : names.UNMASKED_RENDERER_WEBGL));
  return { name, software: /swiftshader|llvmpipe|softpipe|software|basic render/i.test(name) };
}

/** Bands of a wash that the card is given at most. */
const mostBands = 16;

/** Kinds of numbers that a volume is stored in, as GLSL and WebGL name them. */
const stored = {
  int16: { sampler: "isampler3D", internal: "R16I", format: "RED_INTEGER", type: "SHORT" },
  uint16: { sampler: "usampler3D", internal: "R16UI", format: "RED_INTEGER", type: "UNSIGNED_SHORT" },
  float32: { sampler: "sampler3D", internal: "R32F", format: "RED", type: "FLOAT" },
} as const;
type Stored = keyof typeof stored;

const kindOf = ({ values }: Volume): Stored => (values instanceof Int16Array ? "int16" : values instanceof Uint16Array ? "uint16" : "float32");

/**
 * A renderer on a canvas, or undefined where the browser has no WebGL2.
 *
 * @param canvas  one that nothing else draws on
 */
export function planeRenderer(canvas: HTMLCanvasElement | OffscreenCanvas): (PlaneRenderer & { readonly hardware: Hardware }) | undefined {
  const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false, preserveDrawingBuffer: true }) as WebGL2RenderingContext | null;
  if (gl === null) return undefined;
  const programs = new Map<string, WebGLProgram>();
  const textures = new Map<Volume["values"], WebGLTexture>();
  const tables = new Map<keyof typeof colorTables, WebGLTexture>();
  gl.bindVertexArray(gl.createVertexArray());

  const programFor = (layers: Layers) => {
    const key = Object.values(layers).join(" ");
    let program = programs.get(key);
    if (program === undefined) programs.set(key, (program = linked(gl, fragmentSource(layers))));
    return program;
  };
  const textureOf = (volume: Volume) => {
    let texture = textures.get(volume.values);
    if (texture === undefined) textures.set(volume.values, (texture = uploaded(gl, volume)));
    return texture;
  };
  const tableOf = (name: keyof typeof colorTables) => {
    let texture = tables.get(name);
    if (texture === undefined) tables.set(name, (texture = uploadedTable(gl, colorTables[name])));
    return texture;
  };

  return {
    hardware: hardware(gl),
    draw(scene, plane) {
      refuseOtherFrames(scene);
      const { image, fusion, dose } = scene;
      const washed = dose !== undefined && dose.draw?.wash !== false ? dose : undefined;
      const program = programFor({ image: kindOf(image.volume), fusion: fusion ? kindOf(fusion.volume) : "none", dose: washed ? kindOf(washed.volume) : "none" });
      if (canvas.width !== plane.width) canvas.width = plane.width;
      if (canvas.height !== plane.height) canvas.height = plane.height;
      gl.viewport(0, 0, plane.width, plane.height);
      gl.useProgram(program);
      const give = uniforms(gl, program);
      give.number("pictureHeight", plane.height);
      const volume = (name: string, unit: number, v: Volume, nearest = false) => {
        const texture = textureOf(v);
        gl.activeTexture(gl.TEXTURE0 + unit);
        gl.bindTexture(gl.TEXTURE_3D, texture);
        give.whole(`${name}Values`, unit);
        give.vector(`${name}Unit`, [v.slope, v.intercept]);
        give.rows(name, voxelFromScreen(v.grid, plane));
        give.whole(`${name}Nearest`, nearest ? 1 : 0);
      };
      volume("image", 0, image.volume, image.interpolation === "nearest");
      const { slope, shift } = ramp(image.window);
      give.vector("grays", [slope, shift]);
      if (fusion !== undefined) {
        volume("fusion", 1, fusion.volume);
        const table = tableOf(fusion.colors);
        gl.activeTexture(gl.TEXTURE2);
        gl.bindTexture(gl.TEXTURE_2D, table);
        give.whole("fusionTable", 2);
        give.vector("fusionRange", [fusion.range[0], 255 / (fusion.range[1] - fusion.range[0])]);
        give.number("fusionShare", fusion.share);
      }
      if (washed !== undefined) {
        volume("dose", 3, washed.volume);
        const bands = bandsOf(washed.scheme, washed.referenceGy, washed.washShare ?? washShare).sort((a, b) => a.from - b.from).slice(-mostBands);
        give.whole("bandCount", bands.length);
        give.numbers("bandFrom", bands.map(({ from }) => from));
        give.colors("bandColor", bands.flatMap(({ rgb, alpha }) => [...rgb, alpha]));
      }
      gl.drawArrays(gl.TRIANGLES, 0, 3);
      return canvas;
    },
    pixels() {
      const [width, height] = [canvas.width, canvas.height];
      const upward = new Uint8Array(4 * width * height);
      gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, upward);
      const rgba = new Uint8ClampedArray(upward.length);
      for (let y = 0; y < height; y++) rgba.set(upward.subarray(4 * width * (height - 1 - y), 4 * width * (height - y)), 4 * width * y);
      return rgba;
    },
    forget({ values }) {
      gl.deleteTexture(textures.get(values) ?? null);
      textures.delete(values);
    },
    close() {
      for (const texture of [...textures.values(), ...tables.values()]) gl.deleteTexture(texture);
      for (const program of programs.values()) gl.deleteProgram(program);
      textures.clear();
      tables.clear();
      programs.clear();
    },
  };
}

/** How each layer of a picture is stored. */
interface Layers {
  readonly image: Stored;
  readonly fusion: Stored | "none";
  readonly dose: Stored | "none";
}

const vertexSource = `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

/** The steps of `picture`, one for one: slice, grays, colors, bands. */
function fragmentSource(layers: Layers): string {
  const [ground, stripe] = [unknownColors.ground, unknownColors.stripe].map((c) => `vec3(${c.map((v) => v.toFixed(1)).join(", ")})`);
  return `#version 300 es
precision highp float; precision highp int;
precision highp sampler3D; precision highp isampler3D; precision highp usampler3D; precision highp sampler2D;
out vec4 color;
uniform float pictureHeight;
uniform vec2 grays;
${sampling("image", layers.image)}
${layers.fusion === "none" ? "" : `${sampling("fusion", layers.fusion)}
uniform sampler2D fusionTable; uniform vec2 fusionRange; uniform float fusionShare;`}
${layers.dose === "none" ? "" : `${sampling("dose", layers.dose)}
uniform int bandCount; uniform float bandFrom[${mostBands}]; uniform vec4 bandColor[${mostBands}];`}
vec3 over(vec3 under, vec3 paint, float share) { return floor(under * (1.0 - share) + paint * share + 0.5); }
void main() {
  vec2 px = vec2(floor(gl_FragCoord.x), pictureHeight - 1.0 - floor(gl_FragCoord.y));
  vec3 rgb;
  float value;
  if (imageAt(px, value)) rgb = vec3(floor(clamp(value * grays.x + grays.y, 0.0, 255.0) + 0.5));
  else rgb = mod(px.x + px.y, ${unknownColors.everyPx.toFixed(1)}) < 1.0 ? ${stripe} : ${ground};
  ${layers.fusion === "none" ? "" : `if (fusionAt(px, value)) {
    int level = int(floor(clamp((value - fusionRange.x) * fusionRange.y, 0.0, 255.0) + 0.5));
    rgb = over(rgb, floor(texelFetch(fusionTable, ivec2(level, 0), 0).rgb * 255.0 + 0.5), fusionShare);
  }`}
  ${layers.dose === "none" ? "" : `if (doseAt(px, value)) {
    int band = -1;
    for (int b = 0; b < bandCount; b++) if (value >= bandFrom[b]) band = b;
    if (band >= 0) rgb = over(rgb, bandColor[band].rgb, bandColor[band].a);
  }`}
  color = vec4(rgb / 255.0, 1.0);
}`;
}

/** Trilinear sampling by hand, as `slice` does it: integers have no filter, and cards filter floats with 8 bits. */
function sampling(name: string, kind: Stored): string {
  return `
uniform highp ${stored[kind].sampler} ${name}Values;
uniform vec2 ${name}Unit;
uniform vec4 ${name}X, ${name}Y, ${name}Z;
uniform int ${name}Nearest;
float ${name}Texel(ivec3 p) { return float(texelFetch(${name}Values, p, 0).r); }
float ${name}Plane(ivec3 p, ivec3 d, vec2 t) {
  float a = ${name}Texel(p), b = ${name}Texel(p + ivec3(d.x, 0, 0)), c = ${name}Texel(p + ivec3(0, d.y, 0)), e = ${name}Texel(p + ivec3(d.xy, 0));
  float top = a + (b - a) * t.x, bottom = c + (e - c) * t.x;
  return top + (bottom - top) * t.y;
}
bool ${name}At(vec2 px, out float value) {
  vec4 h = vec4(px, 0.0, 1.0);
  vec3 p = vec3(dot(${name}X, h), dot(${name}Y, h), dot(${name}Z, h));
  vec3 last = vec3(textureSize(${name}Values, 0)) - 1.0;
  value = 0.0;
  if (any(lessThan(p, vec3(-0.5))) || any(greaterThan(p, last + 0.5))) return false;
  p = clamp(p, vec3(0.0), last);
  vec3 whole = floor(p + 0.5);
  if (${name}Nearest == 1) p = whole;
  p = mix(p, whole, lessThan(abs(p - whole), vec3(1e-4)));
  vec3 low = floor(p), t = p - low;
  ivec3 i = ivec3(low), d = ivec3(greaterThan(t, vec3(0.0)));
  float near = ${name}Plane(i, d, t.xy);
  if (d.z == 1) near += (${name}Plane(i + ivec3(0, 0, 1), d, t.xy) - near) * t.z;
  value = near * ${name}Unit.x + ${name}Unit.y;
  return (floatBitsToUint(near) & 0x7fffffffu) <= 0x7f800000u;
}`;
}

function linked(gl: WebGL2RenderingContext, fragment: string): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [[gl.VERTEX_SHADER, vertexSource], [gl.FRAGMENT_SHADER, fragment]] as const) {
    const shader = gl.createShader(type) as WebGLShader;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true && !gl.isContextLost()) {
    throw new HapaxError("figures/shader", `The graphics card did not take the shader: ${gl.getProgramInfoLog(program) ?? "no reason given"}.`, "The CPU renderer draws the same picture.");
  }
  return program;
}

function uploaded(gl: WebGL2RenderingContext, volume: Volume): WebGLTexture {
  const most = Number(gl.getParameter(gl.MAX_3D_TEXTURE_SIZE));
  const { size } = volume.grid;
  if (Math.max(...size) > most) {
    throw new HapaxError("figures/texture-size", `A volume of ${size.join(" × ")} voxels is larger than the ${most} that the graphics card takes.`, "The CPU renderer draws the same picture.");
  }
  const { internal, format, type } = stored[kindOf(volume)];
  const texture = gl.createTexture();
  // A unit that no layer is drawn from: those keep what is bound to them.
  gl.activeTexture(gl.TEXTURE7);
  gl.bindTexture(gl.TEXTURE_3D, texture);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.texImage3D(gl.TEXTURE_3D, 0, gl[internal], ...size, 0, gl[format], gl[type], volume.values);
  if (gl.getError() === gl.OUT_OF_MEMORY) {
    gl.deleteTexture(texture);
    throw new HapaxError("figures/texture-size", `The graphics card has no memory for a volume of ${size.join(" × ")} voxels.`, "The CPU renderer draws the same picture.");
  }
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_3D, filter, gl.NEAREST);
  return texture;
}

function uploadedTable(gl: WebGL2RenderingContext, table: Uint8Array): WebGLTexture {
  const texture = gl.createTexture();
  gl.activeTexture(gl.TEXTURE7);
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB8, 256, 1, 0, gl.RGB, gl.UNSIGNED_BYTE, table);
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST);
  return texture;
}

/** Uniforms by name. */
function uniforms(gl: WebGL2RenderingContext, program: WebGLProgram) {
  const at = (name: string) => gl.getUniformLocation(program, name);
  return {
    whole: (name: string, value: number) => gl.uniform1i(at(name), value),
    number: (name: string, value: number) => gl.uniform1f(at(name), value),
    numbers: (name: string, values: readonly number[]) => gl.uniform1fv(at(name), values),
    vector: (name: string, [x, y]: readonly [number, number]) => gl.uniform2f(at(name), x, y),
    colors: (name: string, values: readonly number[]) => gl.uniform4fv(at(name), values),
    rows: (name: string, m: Float64Array) => (["X", "Y", "Z"] as const).forEach((axis, i) => gl.uniform4fv(at(name + axis), Float32Array.from(m.subarray(4 * i, 4 * i + 4)))),
  };
}
