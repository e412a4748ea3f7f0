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

/** Bytes of memory: now, and the most it ever was. */
export type Memory = { now: number; peak: number };

/** What a process holds, and what all that it started, and that still run, hold together. Null where there is no /proc. */
export function memoryOf(root: number): { own: Memory; below: Memory } | null {
  const family = familyOf(root);
  if (family === null) return null;
  const below = family.filter(({ pid }) => pid !== root).map(({ pid }) => memory(pid));
  const sum = (of: keyof Memory): number => below.reduce((all, one) => all + one[of], 0);
  return { own: memory(root), below: { now: sum('now'), peak: sum('peak') } };
}

/** The processes that a process started, and that still run. Empty where there is no /proc. */
export function pidsBelow(root: number): number[] {
  return (familyOf(root) ?? []).map(({ pid }) => pid).filter((pid) => pid !== root);
}

/** CPU seconds of the children of this process that have ended. NaN where there is no /proc. */
export const secondsOfEnded = (): number => (statOf(process.pid)?.endedTicks ?? NaN) / ticksASecond;

type Stat = { pid: number; parent: number; ticks: number; endedTicks: number };

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

/** VmRSS and VmHWM, in kilobytes (man 5 proc); 0: it ended while we looked. */
function memory(pid: number): Memory {
  let status = '';
  try {
    status = readFileSync(`/proc/${pid}/status`, 'latin1');
  } catch {
    // nothing is held any more
  }
  const bytes = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
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
  const sum = (from: number, to: number): number =>
    fields.slice(from, to).reduce((all, field) => all + Number(field), 0);
  return { pid, parent: Number(fields[1]), ticks: sum(11, 15), endedTicks: sum(13, 15) };
}

/** The process that started this one. */
export function parentOf(pid: number): number | null {
  return statOf(pid)?.parent ?? null;
}

/** Bytes: resident, and their share of what processes have in common (man 5 proc: smaps_rollup). */
export type Held = { worker: number; below: number; together: number; shared: number };

/** A figure of a process, in bytes; 0: it ended while we looked. */
function bytesHeld(pid: number, name: string): number {
  try {
    const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'mu').exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** What a process and all that it started hold. */
export function heldBy(own: number): Held {
  const below = pidsBelow(own);
  const worker = bytesHeld(own, 'Rss');
  const others = below.reduce((sum, pid) => sum + bytesHeld(pid, 'Rss'), 0);
  const shared = [own, ...below].reduce((sum, pid) => sum + bytesHeld(pid, 'Pss'), 0);
  return { worker, below: others, together: worker + others, shared };
}
