/** Loaded before the program (`--import`): a machine whose clock is `CLOCK_OFF_BY_MS` ahead, or behind where that is negative. */
const offset = Number(process.env['CLOCK_OFF_BY_MS'] ?? 0);
const RightDate = Date;

globalThis.Date = new Proxy(RightDate, {
  construct: (target, given, newTarget) =>
    Reflect.construct(target, given.length === 0 ? [target.now() + offset] : given, newTarget),
  get: (target, key, receiver) =>
    key === 'now' ? () => RightDate.now() + offset : Reflect.get(target, key, receiver),
});
