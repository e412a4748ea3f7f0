/** A worker of its own that sends what is due: `node deliver-once.ts DATABASE_URL SMTP_PORT SENDER`. */
import { deliverDue } from '../../src/desk/deliver.ts';
import { createLog } from '../../src/log/log.ts';
import { openSmtp } from '../../src/mail/smtp/smtp.ts';
import { connectDatabase } from '../../src/store/db/database.ts';

const [, , url = '', port = '', sender = ''] = process.argv;
const db = await connectDatabase({ databaseUrl: url, dataDirectory: '' });
const smtp = openSmtp({
  host: '127.0.0.1',
  port: Number(port),
  secure: false,
  user: null,
  password: null,
  name: `127.0.0.1:${port}`,
});
await deliverDue({
  db,
  route: { smtp, queues: null, user: null },
  others: [],
  desk: sender,
  locale: 'it',
  log: createLog('silent'),
  onFailed: async () => {},
});
smtp.close();
await db.close();
