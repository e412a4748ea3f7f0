import { describe, expect, test } from 'vitest';
import { extractReply } from '../../../src/core/reply/reply.ts';

const read = (text: string) => extractReply({ text, html: null, subject: 'R: x', isReply: true });

const prose = [
  'Mail priva di virus, ma il server è fermo.',
  'Questa e-mail è priva di virus ma non si apre.',
  'Questa mail è stata controllata da Avast, ma non stampa.',
  'Questa mail è stata controllata da Avast. Venite oggi.',
  'Virus-free, they say. The server is down.',
  'This message has been scanned by Avast and still the attachment is broken.',
  'Virenfrei, sagt Avast. Der Drucker steht.',
  'Sans virus, mais rien ne marche.',
  'Libre de virus, pero no imprime.',
];

describe('prose that begins like the notice of a virus scanner is its writer’s', () => {
  test.each(prose)('%s', (line) => {
    expect(read(line)).toMatchObject({ text: line, strict: line });
    expect(read(`Buongiorno,\n\n${line}`).text).toContain(line);
  });
});

const notices = [
  'Questa e-mail è priva di virus e malware perché è attiva la protezione avast! Antivirus.',
  'Questo messaggio è stato analizzato da Libra ESVA ed è risultato non infetto.',
  'Questa email è stata esaminata alla ricerca di virus da AVG.',
  'This email has been checked for viruses by Avast antivirus software.',
  'This message has been scanned for viruses and dangerous content by MailScanner, and is believed to be clean.',
  'This email has been scanned by the Symantec Email Security.cloud service.',
  'No virus found in this incoming message.',
  'Diese E-Mail wurde von Avast-Antivirussoftware auf Viren geprüft.',
  "L'absence de virus dans ce courrier électronique a été vérifiée par le logiciel antivirus Avast.",
  'Este correo electrónico ha sido comprobado en busca de virus por Avast antivirus.',
  'El software de antivirus Avast ha analizado este correo electrónico en busca de virus.',
];

describe('the notice of a virus scanner is nobody’s', () => {
  test.each(notices)('%s', (line) => {
    expect(read(`Il server è fermo.\n\n${line}`).text).toBe('Il server è fermo.');
    expect(read(`${line}\nIl server è fermo.`).text).toBe('Il server è fermo.');
  });
});
