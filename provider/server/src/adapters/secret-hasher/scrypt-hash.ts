import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/**
 * OWASP's password storage cheat sheet gives five settings of scrypt as equally strong; this is the one that fits the memory that a
 * check may take: 2^14 blocks of 1 KiB are 16 MiB, five times over.
 */
const COST = { logN: 14, r: 8, p: 5 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** What a stored hash may ask for at most: 64 MiB. */
const LOG_N_MAX = 16;
const MEMORY_BYTES_MAX = 96 * 1024 * 1024;

const PHC =
  /^\$scrypt\$ln=(?<logN>\d{1,2}),r=(?<r>\d{1,2}),p=(?<p>\d{1,2})\$(?<salt>[A-Za-z0-9+/]+)\$(?<hash>[A-Za-z0-9+/]+)$/;

interface Cost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** Checked where there is nobody to check: as costly as any other hash, and no password has it. */
export const UNMATCHABLE_HASH = format(COST, Buffer.alloc(SALT_BYTES), Buffer.alloc(HASH_BYTES));

/** Hashes a password with a new salt; PHC string format. */
export async function hashByScrypt(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return format(COST, salt, await compute(password, salt, HASH_BYTES, COST));
}

/** @throws Error when `phc` is no hash of ours */
export async function verifyByScrypt(password: string, phc: string): Promise<boolean> {
  const { cost, salt, hash } = parse(phc);
  return timingSafeEqual(hash, await compute(password, salt, hash.byteLength, cost));
}

function format({ logN, r, p }: Cost, salt: Buffer, hash: Buffer): string {
  return `$scrypt$ln=${logN},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/=+$/, "");
}

function parse(phc: string): { cost: Cost; salt: Buffer; hash: Buffer } {
  const { logN, r, p, salt, hash } = PHC.exec(phc)?.groups ?? {};
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  if (salt === undefined || hash === undefined || cost.logN > LOG_N_MAX) {
    throw new Error("a stored password hash is not in the form $scrypt$ln=…,r=…,p=…$salt$hash");
  }
  return { cost, salt: Buffer.from(salt, "base64"), hash: Buffer.from(hash, "base64") };
}

/** The same password typed on different keyboards can have different code points; NFKC makes them one. */
function compute(password: string, salt: Buffer, bytes: number, cost: Cost): Promise<Buffer> {
  const options = { N: 2 ** cost.logN, r: cost.r, p: cost.p, maxmem: MEMORY_BYTES_MAX };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize("NFKC"), salt, bytes, options, (error, hash) => {
      if (error === null) {
        resolve(hash);
      } else {
        reject(error);
      }
    });
  });
}
