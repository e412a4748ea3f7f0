import { type Outcome, wrongUse } from './outcome.ts';
import type { ConfigProblem } from '../../config/load.ts';
import { describeProblems } from '../../config/load.ts';

/** A configuration that is wrong: everything is said at once and nothing is started. */
export function wrongConfiguration(problems: ConfigProblem[]): Outcome {
  return wrongUse(describeProblems(problems));
}
