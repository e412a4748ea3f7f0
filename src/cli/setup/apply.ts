import { chown, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf, messageOf } from '../../log/errors.ts';
import { writeSecret } from '../../mail/oauth/refresh-tokens.ts';
import { describeStep, type OwnCommand, type SetupStep, shellWords } from '../../setup/plan.ts';
import { whyNotWritten } from '../terminal/files.ts';
import { printText } from '../terminal/print.ts';
import { runOwn, type RunAs, run } from './own-commands.ts';
import type { Prompt } from './prompt.ts';
import { findUser, userCommand } from './service.ts';
import { done, endsFailed, type SetupAnswer } from './step.ts';

/** A step, and for what the database may refuse how to ask for it again. */
export type Planned = { step: SetupStep; again: ((prompt: Prompt) => Promise<OwnCommand[]>) | null };

/**
 * Does what the plan says, in its order, a line each. What was done before a step that fails stays, and is whole: run again,
 * setup finds it and goes on from there.
 * @param owner the user who runs the desk; null for this one
 */
export async function applyPlan(
  plan: Planned[],
  folder: string,
  owner: string | null,
  prompt: Prompt | null,
): Promise<SetupAnswer<{ as: RunAs }>> {
  let as: RunAs = owner === null ? null : await findUser(owner);
  prompt?.beginWork();
  const waiting = [...plan];
  for (let planned = waiting.shift(); planned !== undefined; planned = waiting.shift()) {
    if (prompt?.stopped() === true)
      return endsFailed('Stopped. What is done above stays; `kticket setup` goes on from there.');
    const { step, again } = planned;
    const failure = await perform(step, folder, as);
    if (step.kind === 'user') as = await findUser(step.name);
    if (failure === null) {
      if (step.kind !== 'register') printText(`  done: ${describeStep(step)[0]}`);
      continue;
    }
    if (prompt === null || again === null) {
      return endsFailed(`${failure}\nWhat is done above stays; \`kticket setup\` goes on from there.`);
    }
    printText(`  ${failure}`);
    const commands = await again(prompt);
    waiting.unshift(...commands.map((command): Planned => ({ step: { kind: 'register', command }, again })));
  }
  return done({ as });
}

/** @returns why it failed, in words; null if it is done */
async function perform(step: SetupStep, folder: string, as: RunAs): Promise<string | null> {
  try {
    switch (step.kind) {
      case 'user':
        return await system(userCommand(step.name));
      case 'folder':
        // what lies above stays open to whoever passes through
        await mkdir(dirname(step.path), { recursive: true, mode: 0o755 });
        await mkdir(step.path, { mode: step.mode });
        await give(step.path, as);
        return null;
      case 'env':
      case 'secret':
        await writeSecret(step.path, step.text);
        await give(step.path, as);
        return null;
      case 'unit':
        await writeFile(step.path, step.text);
        return null;
      case 'register': {
        const { code, stdout, stderr } = await runOwn(step.command, { folder, as });
        if (code !== 0) return `${shellWords(step.command.slice(0, 2))}: ${stderr.trim()}`;
        printText(`  ${stdout.trim()}`);
        return null;
      }
      case 'system':
        return await system(step.command);
      default:
        throw step satisfies never;
    }
  } catch (error) {
    if (codeOf(error) === null) throw error;
    const what = 'path' in step ? `${step.path} cannot be written` : 'It failed';
    return `${what}: ${whyNotWritten(error) || messageOf(error)}.`;
  }
}

async function give(path: string, as: RunAs): Promise<void> {
  if (as !== null) await chown(path, as.uid, as.gid);
}

async function system([program = '', ...words]: string[]): Promise<string | null> {
  const { code, stderr } = await run(program, words);
  return code === 0 ? null : `${program} failed: ${stderr.trim()}`;
}
