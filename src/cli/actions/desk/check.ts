import { findings } from '../../check/checks.ts';
import { succeeded, failed, type Outcome } from '../../terminal/outcome.ts';
import { sayVerdict } from '../../terminal/output.ts';

/** `check` */
export async function check(options: { send?: true; ledger?: true }): Promise<Outcome> {
  let failures = 0;
  for await (const finding of findings({
    send: options.send === true,
    audit: options.ledger === true,
  })) {
    sayVerdict(`${finding.how.padEnd(4)}  ${finding.what.padEnd(13)}  `, finding.words);
    if (finding.how === 'FAIL') failures += 1;
  }
  return failures === 0 ? succeeded : failed(null);
}
