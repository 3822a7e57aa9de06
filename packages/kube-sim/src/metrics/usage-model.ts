/**
 * What a machine, a pod and a host use at a time: waves that every machine has of its own, so that figures differ, move and
 * still follow the machines. Closed forms: counters are the integrals of the rates, so that both always agree.
 */

/** A rate that swings around its mean and never falls to zero. */
export interface Wave {
  mean: number;
  /** Amplitudes, together less than the mean; periods in seconds; phases in radians. */
  swings: readonly { amplitude: number; periodSeconds: number; phase: number }[];
}

/** FNV-1a: the same name gives the same figures in every process. */
export function fractionOf(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < text.length; index += 1)
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93) >>> 0;
  // the last bits of short texts mix badly
  hash = Math.imul(hash ^ (hash >>> 15), 0x85_eb_ca_6b) >>> 0;
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

const day = 24 * 3600;

export function waveOf(key: string, mean: number): Wave {
  const turn = (what: string) => 2 * Math.PI * fractionOf(`${key}/${what}`);
  return {
    mean,
    swings: [
      { amplitude: mean * 0.35, periodSeconds: day, phase: turn("day") },
      {
        amplitude: mean * 0.2,
        periodSeconds: 300 + 1500 * fractionOf(`${key}/burst`),
        phase: turn("bursts"),
      },
      {
        amplitude: mean * 0.12,
        periodSeconds: 45 + 60 * fractionOf(`${key}/flicker`),
        phase: turn("flicker"),
      },
    ],
  };
}

export function rateAt(wave: Wave, seconds: number): number {
  return wave.swings.reduce(
    (sum, { amplitude, periodSeconds, phase }) =>
      sum + amplitude * Math.sin((2 * Math.PI * seconds) / periodSeconds + phase),
    wave.mean,
  );
}

/** What has gone through between two times. */
export function totalOf(wave: Wave, fromSeconds: number, toSeconds: number): number {
  if (toSeconds <= fromSeconds) return 0;
  return wave.swings.reduce(
    (sum, { amplitude, periodSeconds, phase }) => {
      const angle = (seconds: number) => (2 * Math.PI * seconds) / periodSeconds + phase;
      const scale = (amplitude * periodSeconds) / (2 * Math.PI);
      return sum + scale * (Math.cos(angle(fromSeconds)) - Math.cos(angle(toSeconds)));
    },
    wave.mean * (toSeconds - fromSeconds),
  );
}

export interface MachineWaves {
  cpuCores: Wave;
  memoryBytes: Wave;
  receiveBytesPerSecond: Wave;
  transmitBytesPerSecond: Wave;
  readBytesPerSecond: Wave;
  writeBytesPerSecond: Wave;
}

const mib = 1024 ** 2;

/** Most machines idle, a few work hard: the mean share of processors is 3–55 %. */
export function machineWaves(uid: string, cpuCores: number, memoryBytes: number): MachineWaves {
  const busy = 0.03 + 0.52 * fractionOf(`${uid}/busy`) ** 3;
  const traffic = (what: string, mostMib: number) =>
    waveOf(`${uid}/${what}`, (0.002 + fractionOf(`${uid}/${what}`) ** 4) * mostMib * mib);
  const memory = waveOf(`${uid}/memory`, memoryBytes * (0.25 + 0.5 * fractionOf(`${uid}/memory`)));
  return {
    cpuCores: waveOf(`${uid}/cpu`, cpuCores * busy),
    // memory moves slowly and little
    memoryBytes: {
      ...memory,
      swings: memory.swings.map((swing) => ({ ...swing, amplitude: swing.amplitude * 0.15 })),
    },
    receiveBytesPerSecond: traffic("rx", 40),
    transmitBytesPerSecond: traffic("tx", 60),
    readBytesPerSecond: traffic("read", 30),
    writeBytesPerSecond: traffic("write", 20),
  };
}
