/** A `mailto:` link as a mail program reads it (RFC 6068). */
export type Mailto = { to: string; cc: string | null; subject: string; body: string | null };

function decode(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** Decodes a `mailto:` link; `+` is taken for a space, as careless programs do. */
export function readMailto(href: string): Mailto {
  const [address = '', query = ''] = href.replace(/^mailto:/, '').split('?');
  const headers = new Map(
    query.split('&').map((pair): [string, string] => {
      const [name = '', value = ''] = pair.split('=');
      return [name, decode(value)];
    }),
  );
  return {
    to: decode(address),
    cc: headers.get('cc') ?? null,
    subject: headers.get('subject') ?? '',
    body: headers.get('body') ?? null,
  };
}

/** The `mailto:` links of an HTML mail, in order, with what stands on them. */
export function linksOf(html: string): (Mailto & { label: string; href: string })[] {
  return Array.from(html.matchAll(/<a href="(mailto:[^"]*)"[^>]*>([^<]*)<\/a>/g), (found) => {
    const href = unescapeHtml(found[1] ?? '');
    return { ...readMailto(href), label: unescapeHtml(found[2] ?? ''), href };
  });
}

/** Decodes the entities of escaped text. */
export function unescapeHtml(text: string): string {
  return text
    .replaceAll(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(Number.parseInt(code, 16)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
