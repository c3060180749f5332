// A central of the npm package ble-host, a host stack that shares nothing with Bumble.
//
//   node central.cjs MODULES HOST PORT OWN_ADDRESS NAME pair|bonded
//
// Its bonds are files in the current folder. Prints one line of JSON with what it saw.
"use strict";

const net = require("net");
const path = require("path");
const { EventEmitter } = require("events");

const [modules, host, port, ownAddress, name, errand] = process.argv.slice(2);
const { BleManager, IOCapabilities, AttErrors, HciErrors } = require(path.join(modules, "ble-host"));

const BELL = "B3110000-D44C-49ED-A19B-A26F1343B084";
const NUMBER = "B3110001-D44C-49ED-A19B-A26F1343B084";
const TEXT = "B3110002-D44C-49ED-A19B-A26F1343B084";
/** Bytes of the header behind the packet type, and where the length is: ACL data, events. */
const HEADERS = { 2: [4, (packet) => packet.readUInt16LE(3)], 4: [2, (packet) => packet[2]] };

/** H4 over TCP as the stack wants it: one whole packet at a time. */
class Transport extends EventEmitter {
    constructor(socket) {
        super();
        this.socket = socket;
        this.pending = Buffer.alloc(0);
        socket.on("data", (data) => this.take(data));
        socket.on("close", () => this.emit("close"));
    }

    write(packet) {
        this.socket.write(packet);
    }

    take(data) {
        this.pending = Buffer.concat([this.pending, data]);
        for (;;) {
            const [header, length] = HEADERS[this.pending[0]] || [0, null];
            if (length === null || this.pending.length < 1 + header) return;
            const end = 1 + header + length(this.pending);
            if (this.pending.length < end) return;
            const packet = this.pending.subarray(0, end);
            this.pending = this.pending.subarray(end);
            this.emit("data", packet);
        }
    }
}

const seen = {};

function called(start) {
    return new Promise((resolve) => start((...results) => resolve(results)));
}

function once(emitter, event) {
    return new Promise((resolve) => emitter.once(event, (...results) => resolve(results)));
}

async function find(manager) {
    const scanner = manager.startScan({});
    const report = await new Promise((resolve) => {
        scanner.on("report", (found) => {
            if (found.parsedDataItems.localName === name) resolve(found);
        });
    });
    scanner.stopScan();
    seen.services = report.parsedDataItems.serviceUUIDs;
    const [connection] = await called((done) => manager.connect(report.addressType, report.address, {}, done));
    return connection;
}

async function discover(connection) {
    const [mtuError] = await called((done) => connection.gatt.exchangeMtu(done));
    seen.mtuError = mtuError;
    seen.mtu = connection.gatt.currentMtu;
    const [services] = await called((done) => connection.gatt.discoverAllPrimaryServices(done));
    const service = services.find((candidate) => candidate.uuid === BELL);
    const [characteristics] = await called((done) => service.discoverCharacteristics(done));
    return Object.fromEntries(characteristics.map((found) => [found.uuid, found]));
}

async function pair(connection, number) {
    [seen.refused] = await called((done) => number.read(done));
    seen.refusedName = AttErrors.toString(seen.refused);
    connection.smp.on("passkeyExchange", (model, passkey, confirm) => {
        seen.model = model;
        seen.passkey = Number(passkey);
        confirm();
    });
    connection.smp.sendPairingRequest({ ioCap: IOCapabilities.DISPLAY_YES_NO, mitm: true });
    const [result] = await once(connection.smp, "pairingComplete");
    seen.pairing = { sc: result.sc, mitm: result.mitm, bond: result.bond };
    seen.identity = result.rspIdentityAddress;
}

async function encrypt(connection) {
    seen.hasLtk = connection.smp.hasLtk;
    connection.smp.startEncryption();
    const [status] = await once(connection.smp, "encrypt");
    seen.encrypted = HciErrors.toString(status);
}

async function ring(number) {
    [, seen.before] = await called((done) => number.read(done));
    await called((done) => number.writeCCCD(true, false, done));
    const change = once(number, "change");
    [seen.writeError] = await called((done) => number.write(Buffer.from("7"), done));
    [seen.notified] = await change;
    [seen.forbidden] = await called((done) => number.write(Buffer.from("no"), done));
}

async function main() {
    const socket = net.connect(Number(port), host);
    await once(socket, "connect");
    const options = { staticRandomAddress: ownAddress };
    const [error, manager] = await called((done) => BleManager.create(new Transport(socket), options, done));
    if (error) throw error;
    const connection = await find(manager);
    const characteristics = await discover(connection);
    [, seen.text] = await called((done) => characteristics[TEXT].read(done));
    if (errand === "pair") await pair(connection, characteristics[NUMBER]);
    else await encrypt(connection);
    seen.level = connection.smp.currentEncryptionLevel;
    await ring(characteristics[NUMBER]);
    const gone = once(connection, "disconnect");
    connection.disconnect();
    await gone;
    for (const key of ["text", "before", "notified"]) seen[key] = String(seen[key]);
    console.log(JSON.stringify(seen));
    process.exit(0);
}

main().catch((problem) => {
    console.error(problem);
    process.exit(1);
});
