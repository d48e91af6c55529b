/**
 * A volume of labels or greys on a canvas, by rays through a texture of WebGL: of each pixel the first voxel that is not
 * clear, shaded by which way the surface faces there. Own shaders, for a library for scenes would be a third of all the
 * script of the studio.
 */
import { cannot } from '../../src/base/errors.ts'
import { phaseColours } from '../../src/formats/phase-picture.ts'
import type { Voxels } from '../protocol.ts'

export interface View {
  /** Radians about the upright axis, and above the horizon. */
  readonly turn: number
  readonly tilt: number
  /** 1: the whole volume fills the canvas. */
  readonly near: number
  /** The share that is cut away from the front, 0 to 1. */
  readonly cut: number
  /** The label that is clear. */
  readonly hidden: number
}

export interface Viewer {
  show(view: View): void
  end(): void
}

const vertex = `#version 300 es
in vec2 place;
out vec2 at;
void main() { at = place; gl_Position = vec4(place, 0.0, 1.0); }`

const fragment = `#version 300 es
precision highp float;
precision highp usampler3D;
uniform usampler3D volume;
uniform sampler2D palette;
uniform vec3 size;
uniform mat3 view;
uniform float reach;
uniform float cut;
uniform float hidden;
uniform bool greys;
in vec2 at;
out vec4 colour;

bool solid(ivec3 v) {
  if (any(lessThan(v, ivec3(0))) || any(greaterThanEqual(v, ivec3(size)))) return false;
  float value = float(texelFetch(volume, v, 0).r);
  return greys ? value >= 128.0 : value != hidden && value != 255.0;
}

float amount(vec3 p) { return solid(ivec3(floor(p))) ? 1.0 : 0.0; }

void main() {
  vec3 along = view * vec3(0.0, 0.0, -1.0);
  vec3 from = 0.5 * size + view * vec3(at * reach * vec2(4.0 / 3.0, 1.0), 2.0 * length(size));
  vec3 low = vec3(0.0, 0.0, floor(cut * size.z));
  vec3 turned = 1.0 / (along + vec3(1e-9));
  vec3 a = (low - from) * turned, b = (size - from) * turned;
  vec3 first = min(a, b), last = max(a, b);
  float enter = max(max(first.x, first.y), first.z), leave = min(min(last.x, last.y), last.z);
  colour = vec4(0.0);
  if (enter >= leave) return;
  // From voxel to voxel (Amanatides and Woo 1987, A fast voxel traversal algorithm).
  vec3 p = from + along * (enter + 1e-3);
  ivec3 v = ivec3(clamp(floor(p), low, size - 1.0));
  ivec3 hop = ivec3(sign(along));
  vec3 each = abs(turned);
  vec3 next = ((vec3(v) + max(sign(along), 0.0)) - from) * turned;
  vec3 faces = vec3(greaterThanEqual(first, vec3(enter - 1e-4)));
  for (int i = 0; i < 4096; i++) {
    if (solid(v)) {
      uint value = texelFetch(volume, v, 0).r;
      vec3 base = greys ? vec3(float(value) / 255.0) : texelFetch(palette, ivec2(int(value), 0), 0).rgb;
      vec3 c = vec3(v) + 0.5;
      vec3 slope = vec3(0.0);
      for (int d = 1; d <= 2; d++) {
        float s = float(d);
        slope += vec3(
          amount(c - vec3(s, 0, 0)) - amount(c + vec3(s, 0, 0)),
          amount(c - vec3(0, s, 0)) - amount(c + vec3(0, s, 0)),
          amount(c - vec3(0, 0, s)) - amount(c + vec3(0, 0, s)));
      }
      vec3 face = -faces * sign(along);
      vec3 normal = normalize(face + 0.6 * slope);
      float light = 0.35 + 0.65 * max(0.0, dot(normal, normalize(-along + view * vec3(0.4, 0.7, 0.0))));
      colour = vec4(base * light, 1.0);
      return;
    }
    faces = vec3(lessThanEqual(next, min(next.yzx, next.zxy)));
    v += ivec3(faces) * hop;
    next += faces * each;
    if (any(lessThan(v, ivec3(low))) || any(greaterThanEqual(v, ivec3(size)))) return;
  }
}`

/** @throws Error of one line where the page has no WebGL 2, or the volume is too large for it */
export function viewer(canvas: HTMLCanvasElement, { data, shape, labels }: Voxels): Viewer {
  const gl = canvas.getContext('webgl2', { preserveDrawingBuffer: true })
  if (!gl) throw new Error(cannot('show the volume', 'the page', 'one with WebGL 2', 'one without'))
  const most = gl.getParameter(gl.MAX_3D_TEXTURE_SIZE) as number
  const [depth, height, width] = shape
  if (Math.max(...shape) > most)
    throw new Error(cannot('show the volume', 'its sides', `at most ${most}`, shape.join('×')))
  const program = linked(gl)
  gl.useProgram(program)
  const place = gl.getAttribLocation(program, 'place')
  gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer())
  gl.bufferData(gl.ARRAY_BUFFER, Float32Array.of(-1, -1, 3, -1, -1, 3), gl.STATIC_DRAW)
  gl.enableVertexAttribArray(place)
  gl.vertexAttribPointer(place, 2, gl.FLOAT, false, 0, 0)
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1)
  gl.activeTexture(gl.TEXTURE0)
  gl.bindTexture(gl.TEXTURE_3D, gl.createTexture())
  gl.texImage3D(gl.TEXTURE_3D, 0, gl.R8UI, width, height, depth, 0, gl.RED_INTEGER, gl.UNSIGNED_BYTE, data)
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_3D, filter, gl.NEAREST)
  gl.activeTexture(gl.TEXTURE1)
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture())
  const colours = Uint8Array.from(phaseColours(256).flatMap(colour => [...colour, 255]))
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, 256, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, colours)
  for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER])
    gl.texParameteri(gl.TEXTURE_2D, filter, gl.NEAREST)
  const at = (name: string) => gl.getUniformLocation(program, name)
  gl.uniform1i(at('volume'), 0)
  gl.uniform1i(at('palette'), 1)
  gl.uniform3f(at('size'), width, height, depth)
  gl.uniform1i(at('greys'), labels === 0 ? 1 : 0)
  return {
    show({ turn, tilt, near, cut, hidden }) {
      gl.viewport(0, 0, canvas.width, canvas.height)
      gl.uniformMatrix3fv(at('view'), false, rotation(turn, tilt))
      gl.uniform1f(at('reach'), (0.52 * Math.hypot(width, height, depth)) / near)
      gl.uniform1f(at('cut'), cut)
      gl.uniform1f(at('hidden'), hidden)
      gl.clear(gl.COLOR_BUFFER_BIT)
      gl.drawArrays(gl.TRIANGLES, 0, 3)
    },
    end() {
      gl.deleteProgram(program)
    },
  }
}

/**
 * Columns: right, up and towards the one who looks, in the axes of the volume. Rows count downwards and slices away from
 * who looks, so that nothing is mirrored.
 */
function rotation(turn: number, tilt: number): Float32Array {
  const [s, c, t, u] = [Math.sin(turn), Math.cos(turn), Math.sin(tilt), Math.cos(tilt)]
  return Float32Array.of(c, 0, -s, s * t, -u, c * t, -s * u, -t, -c * u)
}

function linked(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram()
  for (const [kind, text] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind)!
    gl.shaderSource(shader, text)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.linkProgram(program)
  if (gl.getProgramParameter(program, gl.LINK_STATUS)) return program
  const shaders = gl.getAttachedShaders(program) ?? []
  const why = shaders.map(shader => gl.getShaderInfoLog(shader)).join(' ')
  throw new Error(cannot('show the volume', 'its shaders', 'such as WebGL takes', why))
}
