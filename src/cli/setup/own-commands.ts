import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../package-root.ts';
import { holdsDatabase } from '../../store/embedded/place.ts';
import { roles } from '../../core/kinds.ts';
import type { Registered } from '../../setup/directory.ts';
import type { OwnCommand } from '../../setup/plan.ts';

/** Whose process a command is; null: of this one. */
export type RunAs = { name: string; uid: number; gid: number; home: string } | null;

/** Node, and the program that it starts: what a service starts, too. */
export const ownProgram = (): string[] => [process.execPath, join(packageRoot, 'bin', 'kticket.js')];

export type OwnResult = { code: number | null; stdout: string; stderr: string };

/** Runs a command of kTicket in the desk's folder, as the user who runs the desk, so that both have one database. */
export function runOwn(
  command: OwnCommand,
  where: { folder: string; as: RunAs; dataDirectory?: string },
): Promise<OwnResult> {
  const [node = '', ...program] = ownProgram();
  return run(node, [...program, ...command], {
    cwd: where.folder,
    env: {
      ...process.env,
      ...(where.dataDirectory === undefined ? {} : { KTICKET_DATA: where.dataDirectory }),
      ...(where.as === null ? {} : { HOME: where.as.home, USER: where.as.name, LOGNAME: where.as.name }),
    },
    ...(where.as === null ? {} : { uid: where.as.uid, gid: where.as.gid }),
  });
}

/** Runs a program to its end; one that cannot be started ends with what it is refused for. */
export function run(
  program: string,
  words: string[],
  options: { cwd?: string; uid?: number; gid?: number; env?: NodeJS.ProcessEnv } = {},
): Promise<OwnResult> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const printed = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed.stderr += text;
    });
    child.once('error', (error) => resolve({ code: 1, stdout: '', stderr: error.message }));
    child.once('close', (code) => resolve({ code, ...printed }));
  });
}

const staffList: z.ZodType<Registered['staff']> = z.array(
  z.object({
    email: z.string(),
    name: z.string(),
    role: z.enum(roles),
    aliases: z.array(z.string()),
    disabled: z.boolean(),
  }),
);
const companyList: z.ZodType<Registered['companies']> = z.array(
  z.object({ name: z.string(), domains: z.array(z.string()) }),
);

/** Reads what is registered; nothing where there is no database yet, or none can be reached. */
export async function readRegistered(
  database: { url: string | null; dataDirectory: string },
  where: { folder: string; as: RunAs },
): Promise<Registered> {
  const none: Registered = { staff: [], companies: [] };
  if (database.url === null && !holdsDatabase(database.dataDirectory)) return none;
  // the settings may not name it yet
  const there = database.url === null ? { ...where, dataDirectory: database.dataDirectory } : where;
  const staff = await runOwn(['staff', 'list', '--json'], there);
  const companies = await runOwn(['company', 'list', '--json'], there);
  if (staff.code !== 0 || companies.code !== 0) return none;
  return {
    staff: staffList.parse(JSON.parse(staff.stdout)),
    companies: companyList.parse(JSON.parse(companies.stdout)),
  };
}
