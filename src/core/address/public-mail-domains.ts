/** Free mail providers: such a domain never stands for a company. */
const freeMail = new Set(
  `gmail.com googlemail.com libero.it inwind.it iol.it blu.it giallo.it wind.it tiscali.it tiscalinet.it virgilio.it
  alice.it tin.it tim.it telecomitalia.it aruba.it technet.it email.it fastwebnet.it fastmail.com fastmail.fm poste.it
  supereva.it katamail.com jumpy.it interfree.it infinito.it vodafone.it teletu.it tele2.it eolo.it dada.it
  hotmail.com hotmail.it outlook.com outlook.it live.com live.it msn.com passport.com windowslive.com
  yahoo.com yahoo.it ymail.com rocketmail.com icloud.com me.com mac.com aol.com aim.com
  proton.me protonmail.com protonmail.ch pm.me tutanota.com tuta.com tuta.io tutamail.com gmx.com gmx.net gmx.de gmx.it
  web.de freenet.de t-online.de mail.com email.com usa.com zoho.com zohomail.eu zohomail.com yandex.com yandex.ru
  mail.ru inbox.ru bk.ru list.ru hey.com duck.com mailbox.org posteo.de posteo.net posteo.it disroot.org
  orange.fr wanadoo.fr free.fr laposte.net sfr.fr bluewin.ch hispeed.ch ticino.com qq.com 163.com
  mailinator.com guerrillamail.com yopmail.com temp-mail.org 10minutemail.com`.split(/\s+/u),
);

/** Providers of Italian certified mail that hand out addresses at their own domain. */
const pecProviders = new Set(
  `pec.it legalmail.it cert.legalmail.it arubapec.it pec.aruba.it postecert.it postacertificata.gov.it poste-cert.it
  mypec.eu pecimprese.it sicurezzapostale.it registerpec.it pec.libero.it pec.tim.it telecompost.it tim.telecompost.it
  pec.buffetti.it pec.namirial.com sicurezzapostale.com pec.tiscali.it casellapec.com pec.net pec-mail.it
  pecsicura.it ticertifica.it infocert.it actaliscertymail.it cert.cgn.it gigapec.it spidmail.it
  pecmail.it pec.cloud pec-legal.it legalpec.it open.legalmail.it pec.email.it pec.poste.it namirialpec.it
  messaggipec.it lamiapec.it pec.register.it pec.fastweb.it pec.wind.it kpec.it pecpro.it emailcertificata.it`.split(
    /\s+/u,
  ),
);

/** Providers that use the endings of many countries. */
const manyEndings = /^(?:yahoo|hotmail|outlook|live|msn|gmx|aol)\.(?:com?\.)?[a-z]{2,3}$/u;

/**
 * True if anybody can get a mailbox in the domain: free mail and certified mail (PEC).
 * @param domain lower-case, ASCII form
 */
export function isFreeMailDomain(domain: string): boolean {
  return freeMail.has(domain) || pecProviders.has(domain) || manyEndings.test(domain);
}
