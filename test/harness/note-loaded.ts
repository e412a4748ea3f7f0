/** For Node's `--import`: writes the URL of every module that the process loads into the file that NOTE_LOADED names, at its end. */
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const file = process.env['NOTE_LOADED'];
if (file === undefined) throw new Error('NOTE_LOADED names no file');
const loaded: string[] = [];
registerHooks({
  load(url, context, nextLoad) {
    loaded.push(url);
    return nextLoad(url, context);
  },
});
process.on('exit', () => writeFileSync(file, loaded.join('\n')));
