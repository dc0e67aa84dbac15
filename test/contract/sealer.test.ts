import { RowSealer } from "../../provider/server/src/adapters/row-sealer/row-sealer.ts";
import { plainKeyRing } from "../support/plain-key-ring.ts";
import { describeSealer } from "./sealer.ts";

describeSealer("RowSealer", async () => new RowSealer(plainKeyRing));
