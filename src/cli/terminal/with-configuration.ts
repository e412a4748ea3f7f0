import { type ConfigProblem, describeProblems } from '../../config/config.ts';
import { type Outcome, wrongUse } from './outcome.ts';

/** A configuration that is wrong: everything is said at once and nothing is started. */
export function wrongConfiguration(problems: ConfigProblem[]): Outcome {
  return wrongUse(describeProblems(problems));
}
