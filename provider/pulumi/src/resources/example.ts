/**
 * A small program, whole, in no language: the schema shows it in all of them, and a test runs or compiles each. A text such as
 * `${shop.registryId}` is another resource's or function's output.
 */
export interface Example {
  /** What the program declares, by the names that it gives; what is referred to comes first. */
  readonly resources?: Readonly<Record<string, ExampleResource>>;
  /** What it asks, by the names that it gives to answers. */
  readonly functions?: Readonly<Record<string, ExampleFunction>>;
  /** What the stack shows, by name: references. */
  readonly outputs: Readonly<Record<string, string>>;
}

/** A resource of an example. */
export interface ExampleResource {
  /** The class, for example `Token`; `kubernetes:PullSecret`, where it is in a module; or `Provider`. */
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The name of the provider that looks after it, where that is not the stack's own. */
  readonly provider?: string;
}

/** A question of an example. */
export interface ExampleFunction {
  /** The function, for example `getToken`. */
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A registry that other examples build on. */
export const SHOP: ExampleResource = { type: "Registry", properties: { location: "de/fra" } };

/** A token without scopes that other examples build on. */
export const CI: ExampleResource = {
  type: "Token",
  properties: { registryId: "${shop.registryId}" },
};

/** The module and the name of a class. */
export function classOf(type: string): { readonly module?: string; readonly name: string } {
  const [name = "", module] = type.split(":").reverse();
  return module === undefined ? { name } : { module, name };
}

/** What a reference refers to: `shop` and `registryId` for `${shop.registryId}`; undefined: the text is none. */
export function referenceIn(
  text: string,
): { readonly name: string; readonly output: string } | undefined {
  const [, name, output] = /^\$\{(\w+)\.(\w+)\}$/.exec(text) ?? [];
  return name === undefined || output === undefined ? undefined : { name, output };
}

/** Whether something in an example refers to this resource. */
export function isReferredTo(
  name: string,
  { resources = {}, functions, outputs }: Example,
): boolean {
  const isProvider = Object.values(resources).some(({ provider }) => provider === name);
  return isProvider || JSON.stringify([resources, functions, outputs]).includes(`\${${name}.`);
}
