import type { Browser, FrameLocator } from 'playwright-core';

/** Texts on the page for the outcome of a mail. */
const becameWords = {
  opened: 'ha aperto un ticket',
  command: 'il comando è eseguito',
  follow_up: 'è un seguito del ticket',
  internal_note: 'è una comunicazione interna',
};

/** Somebody at the playground's page, by what they see and touch; names are those on the page, in Italian. */
export type Clicks = {
  /** Opens a person's list of mails. */
  mailbox(name: string): Promise<void>;
  /** The subjects of the list that is open, newest first. */
  listed(): Promise<string[]>;
  /** Opens the person's newest mail that begins with `opening`, once it has come, and finds the words in it. */
  read(name: string, opening: string, words?: string): Promise<void>;
  /** The mail that is open. */
  inMail(): FrameLocator;
  /** Writes a new mail, to the desk if to nobody else, and sends it. */
  write(name: string, subject: string, text: string, to?: string): Promise<void>;
  /** Presses a button of the open mail, types into what it prepared and sends that. */
  press(label: string, text: string): Promise<void>;
  /** Answers the open mail, with a file if there is one, and sends that. */
  reply(text: string, file?: { name: string; mimeType: string; buffer: Buffer }): Promise<void>;
  /** The page says that the desk made this of what was sent. */
  became(disposition: keyof typeof becameWords): Promise<void>;
  /** What the page says on top. */
  notice(): Promise<string>;
  /** What the tabs of received and of sent mails show. */
  inside(): Promise<string[]>;
  /** Names of people that their count of unread mails lies over, with a count of two figures each. */
  coveredNames(): Promise<string[]>;
  /** The newest ticket's history, as the page shows it. */
  history(): Promise<string[]>;
  /** The page as it is seen, PNG. */
  picture(): Promise<Buffer>;
  title(): Promise<string>;
  /** Shuts the page; throws where anything on it went wrong. */
  close(): Promise<void>;
};

/** Opens the page. */
export async function openPage(
  browser: Browser,
  url: string,
  viewport: { width: number; height: number },
  phone: boolean,
): Promise<Clicks> {
  const context = await browser.newContext({ viewport, isMobile: phone, hasTouch: phone });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  const errors: Error[] = [];
  page.on('pageerror', (error) => errors.push(error));
  await page.goto(url);

  const place = async (name: string): Promise<void> => {
    if (phone) await page.getByRole('link', { name, exact: true }).click();
  };
  const send = async (): Promise<void> => {
    await page.getByRole('button', { name: 'Invia', exact: true }).click();
    await page.locator('#list').getByRole('link', { name: 'Scrivi', exact: true }).waitFor();
    await page.locator('form.compose').waitFor({ state: 'detached' });
  };
  const clicks: Clicks = {
    async mailbox(name) {
      await place('Posta');
      await page.getByRole('navigation', { name: 'Persone' }).getByRole('link', { name }).click();
      await page.getByRole('heading', { name: `Posta di ${name}` }).waitFor();
    },
    listed: () => page.locator('#list .mail .subject').allTextContents(),
    async read(name, opening, words = opening) {
      await clicks.mailbox(name);
      await page.locator('#list .mail').filter({ hasText: opening }).first().click();
      // the preview text says it too, and is hidden
      await clicks.inMail().getByText(words).filter({ visible: true }).first().waitFor();
    },
    inMail: () => page.frameLocator('#reader iframe'),
    async write(name, subject, text, to) {
      await clicks.mailbox(name);
      await page.locator('#list').getByRole('link', { name: 'Scrivi', exact: true }).click();
      if (to !== undefined) await page.getByLabel('A', { exact: true }).fill(to);
      await page.getByLabel('Oggetto').fill(subject);
      await page.getByLabel('Testo').fill(text);
      await send();
    },
    async press(label, text) {
      await clicks.inMail().getByRole('link', { name: label }).first().click();
      await page.getByLabel('Testo').waitFor();
      // where the page has put the cursor
      await page.keyboard.type(text);
      await send();
    },
    async reply(text, file) {
      await page.locator('#reader').getByRole('button', { name: 'Rispondi', exact: true }).click();
      await page.getByLabel('Testo').waitFor();
      await page.keyboard.type(text);
      if (file !== undefined) {
        await page.getByLabel('Allega un file').setInputFiles(file);
        await page.locator('.compose .files').getByText(file.name).waitFor();
      }
      await send();
    },
    async became(disposition) {
      await page.getByRole('status').getByText(`Il banco l’ha letta: ${becameWords[disposition]}.`).waitFor();
    },
    notice: () => page.getByRole('status').locator('span').innerText(),
    async inside() {
      await place('Dietro le quinte');
      const tabs: string[] = [];
      for (const name of [/^Ricevute/u, /^Spedite/u]) {
        await page.getByRole('tab', { name }).click();
        tabs.push(await page.getByRole('tabpanel').innerText());
      }
      return tabs;
    },
    async coveredNames() {
      await place('Posta');
      return page.locator('.people a:has(.badge)').evaluateAll((people) =>
        people.flatMap((person) => {
          const [badge, name] = [person.querySelector('.badge'), person.querySelector('strong')];
          if (badge === null || name === null) return [];
          badge.textContent = '10';
          const covers = badge.getBoundingClientRect().right > name.getBoundingClientRect().left;
          return covers ? [name.textContent] : [];
        }),
      );
    },
    async history() {
      await place('Dietro le quinte');
      return page.getByRole('list', { name: 'Storia' }).locator('li strong').allTextContents();
    },
    picture: () => page.screenshot(),
    title: () => page.title(),
    async close() {
      await context.close();
      if (errors.length > 0) throw new AggregateError(errors, 'the page reported errors');
    },
  };
  return clicks;
}
