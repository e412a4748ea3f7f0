import { readdirSync, readFileSync } from 'node:fs';

/** Length of `ps`'s tick: Linux has 100 a second (man 5 proc, USER_HZ). */
const ticksASecond = 100;

/**
 * CPU seconds that a process and all that it started have used so far, those that have ended included (man 5 proc:
 * utime, stime, cutime, cstime). Null where there is no /proc.
 */
export function cpuSecondsOf(root: number): number | null {
  const family = familyOf(root);
  return family && family.reduce((sum, { ticks }) => sum + ticks, 0) / ticksASecond;
}

/** The most bytes of memory that a process and all that it started, and that still run, have held, added up. */
export function peakBytesOf(root: number): number | null {
  const family = familyOf(root);
  return family && family.reduce((sum, { pid }) => sum + highWaterOf(pid), 0);
}

type Stat = { pid: number; parent: number; ticks: number };

function familyOf(root: number): Stat[] | null {
  const processes = new Map<number, Stat>();
  try {
    for (const name of readdirSync('/proc')) {
      const pid = Number(name);
      const stat = Number.isInteger(pid) ? statOf(pid) : null;
      if (stat !== null) processes.set(pid, stat);
    }
  } catch {
    return null;
  }
  const isBelow = (pid: number): boolean => {
    if (pid === root) return true;
    const parent = processes.get(pid)?.parent;
    return parent !== undefined && isBelow(parent);
  };
  return [...processes.values()].filter(({ pid }) => isBelow(pid));
}

/** VmHWM, in kilobytes (man 5 proc); 0: it ended while we looked. */
function highWaterOf(pid: number): number {
  try {
    const [, kilobytes = '0'] =
      /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? [];
    return Number(kilobytes) * 1024;
  } catch {
    return 0;
  }
}

/** Null: it ended while we looked. */
function statOf(pid: number): Stat | null {
  let line: string;
  try {
    line = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null;
  }
  // the name, in brackets, may hold anything
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid, parent: Number(fields[1]), ticks };
}

/** The process that started this one. */
export function parentOf(pid: number): number | null {
  return statOf(pid)?.parent ?? null;
}
