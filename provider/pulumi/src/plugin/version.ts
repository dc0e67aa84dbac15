/** The version of the plugin, its schema and the SDKs: that of all packages. */
export const VERSION = "0.1.0";
