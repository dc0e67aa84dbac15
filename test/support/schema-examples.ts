import { nameOf, readPackage } from "../../tools/faces/package-spec.ts";

/** The languages that every example is shown in. */
export const LANGUAGES = ["typescript", "python", "go", "yaml"] as const;
export type Language = (typeof LANGUAGES)[number];

/** One program, and what it is an example of. */
export interface Block {
  readonly of: string;
  readonly text: string;
}

/** The examples of one language, of everything in the schema that has some. */
export function schemaExamples(language: Language): readonly Block[] {
  return described().flatMap(({ of, description }) => {
    const pattern = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?\\n)\`\`\``, "g");
    return [...description.matchAll(pattern)].map(([, text = ""]) => ({ of, text }));
  });
}

/** Everything in the schema that is to have an example. */
export function described(): readonly { readonly of: string; readonly description: string }[] {
  const { provider, resources, functions } = readPackage();
  return [
    ...Object.entries({ ...resources, ...functions }).map(([token, { description }]) => ({
      of: nameOf(token),
      description,
    })),
    { of: "Provider", description: provider.description },
  ];
}
