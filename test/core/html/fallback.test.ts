import { expect, test } from 'vitest';
import { extractReply } from '../../../src/core/reply/reply.ts';

test.each([
  ['the text of an object that is not shown', '<object data="x.swf"><param name="a">Ciao</object>', 'Ciao'],
  ['the text of a video that is not shown', '<video src="x.mp4">Ciao</video>', 'Ciao'],
  ['the text of a drawing', '<svg><title>no</title><path d="x"/><text x="1">Ciao</text></svg>', 'Ciao'],
  ['HTML in a drawing', '<svg><foreignObject><div>Ciao</div></foreignObject></svg>', 'Ciao'],
  ['what stands in a drawing that is none', '<svg><g>no</g></svg>Ciao', 'Ciao'],
  ['below a drawing without an end', '<svg><g>no<p>Ciao</p>', 'Ciao'],
  ['below a drawing that closes itself', '<svg/>Ciao', 'Ciao'],
  ['the first option', '<select><option>Uno<option>Due</select>', 'Uno'],
  ['the selected option', '<select><option>Uno<option selected>Due</select>', 'Due'],
  ['all options of a list', '<select multiple><option>Uno<option>Due</select>', 'Uno, Due'],
  ['options without an end', '<select><option>Uno', 'Uno'],
  ['no option of a hidden choice', '<select style="display:none"><option>Uno</select>Ciao', 'Ciao'],
])('%s is read as its reader sees it', (_, html, text) => {
  expect(extractReply({ text: null, html, subject: 'x', isReply: false }).text).toBe(text);
});
