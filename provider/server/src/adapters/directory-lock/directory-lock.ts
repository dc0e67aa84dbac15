import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const NAME = "in-use.sqlite";
const SQLITE_BUSY = 5;

/**
 * Who uses a directory: many at once, or one alone. Held by a transaction on an empty SQLite database, whose locks the system drops with
 * the process that has them, however it ends; nothing is ever stored in it.
 */
export class DirectoryLock {
  readonly #database: DatabaseSync;

  private constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Joins those who use the directory; `undefined`: somebody has it alone. */
  static share(directory: string): DirectoryLock | undefined {
    return DirectoryLock.#lock(directory, "begin; select count(*) from sqlite_schema");
  }

  /** Keeps everybody else out; `undefined`: somebody uses it. */
  static exclude(directory: string): DirectoryLock | undefined {
    return DirectoryLock.#lock(directory, "begin exclusive");
  }

  release(): void {
    if (this.#database.isOpen) {
      this.#database.close();
    }
  }

  static #lock(directory: string, begin: string): DirectoryLock | undefined {
    const path = join(directory, NAME);
    // SQLite itself makes the file: closing another handle of it would drop the locks of the whole process.
    const database = new DatabaseSync(path, { timeout: 0 });
    try {
      database.exec(begin);
      return new DirectoryLock(database);
    } catch (error) {
      database.close();
      if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY) {
        return undefined;
      }
      throw error;
    }
  }
}
