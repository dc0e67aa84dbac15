/**
 * What may be there at once. Who awaits it always gets it; who looks at it first spares a hot path the turn of the event loop's queue
 * that a promise costs.
 */
export type AtOnce<Value> = Value | Promise<Value>;

/** Goes on with a value: now where it is there, later where it is not. `next` may throw either way. */
export function goOn<Value, Next>(
  value: AtOnce<Value>,
  next: (value: Value) => AtOnce<Next>,
): AtOnce<Next> {
  return value instanceof Promise ? value.then(next) : next(value);
}
