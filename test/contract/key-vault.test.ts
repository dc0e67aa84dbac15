import { randomBytes } from "node:crypto";
import { FileKeyVault } from "../../provider/server/src/adapters/key-vault-file/file-key-vault.ts";
import { describeKeyVault } from "./key-vault.ts";

describeKeyVault("FileKeyVault", async () => new FileKeyVault(randomBytes(32)));
