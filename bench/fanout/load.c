/* Load for bench/fanout.py: many viewers and one publisher on loopback, in one epoll thread.
 *
 *   load PROTOCOL PORT VIEWERS SECONDS RATE SIZE PIDS PATHS [NATS_PORT SUBJECT]
 *
 * PROTOCOL  edge: frames of ours, published through NATS;
 *           ws: plain WebSocket, published on a socket at /pub;
 *           sio: socket.io 4 over WebSocket.
 * RATE      messages a second, each of SIZE bytes, with the time it was made inside ("~T" and
 *           19 digits of CLOCK_MONOTONIC): latency is read off each delivery.
 * PIDS      processes of the server, comma separated: their CPU is read from /proc.
 * PATHS     file with the path of each viewer's request, one a line; the last one repeats.
 *
 * Each viewer beats every ten seconds, as in a live room. A server that cannot keep up slows the
 * publisher down through TCP; what was not published is not counted as lost.
 * Prints one JSON object, after two seconds of warming up and SECONDS of measuring.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define STAMP 21            /* "~T" and 19 digits */
#define BUCKETS 4000        /* of 1 % each, from a microsecond */
#define WARM_UP 2.0
#define BEAT_EVERY 10.0
#define SECOND 1000000000ull

struct viewer {
    int fd;
    int held;               /* bytes of a stamp that came only in part */
    char part[STAMP];
};

static const char *protocol;
static uint64_t histogram[BUCKETS], delivered, closed_early;
static char buffer[1 << 18];

static uint64_t now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

static void fail(const char *what) {
    perror(what);
    exit(2);
}

static int dial(int port) {
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    if (fd < 0) fail("socket");
    if (connect(fd, (void *)&to, sizeof to)) fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

static void write_all(int fd, const char *data, size_t n) {
    while (n) {
        ssize_t done = send(fd, data, n, MSG_NOSIGNAL);
        if (done < 0) fail("send");
        data += done;
        n -= done;
    }
}

/* A masked text frame with mask 0, so that the payload stays as it is. */
static size_t frame(char *out, const char *data, size_t n) {
    size_t h = 0;
    out[h++] = (char)0x81;
    if (n < 126) {
        out[h++] = (char)(0x80 | n);
    } else {
        out[h++] = (char)(0x80 | 126);
        out[h++] = (char)(n >> 8);
        out[h++] = (char)n;
    }
    memset(out + h, 0, 4);
    memcpy(out + h + 4, data, n);
    return h + 4 + n;
}

/* Read until the token was seen; what else came is thrown away. */
static void expect(int fd, const char *token) {
    static char seen[1 << 16];
    size_t n = 0;
    for (;;) {
        ssize_t got = recv(fd, seen + n, sizeof seen - n, 0);
        if (got <= 0) {
            fprintf(stderr, "closed while waiting for %s: %.*s\n", token, (int)n, seen);
            exit(3);
        }
        n += got;
        if (memmem(seen, n, token, strlen(token))) return;
        if (n == sizeof seen) n = 0;
    }
}

static void say(int fd, const char *text) {
    char out[256];
    write_all(fd, out, frame(out, text, strlen(text)));
}

static int open_socket(int port, const char *path) {
    char request[4096];
    int fd = dial(port);
    int n = snprintf(request, sizeof request,
                     "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\n"
                     "Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                     "Sec-WebSocket-Version: 13\r\n\r\n", path, port);
    write_all(fd, request, n);
    if (!strcmp(protocol, "edge")) {
        expect(fd, "\"hello\"");
    } else if (!strcmp(protocol, "sio")) {
        expect(fd, "pingInterval");
        say(fd, "40");
        expect(fd, "40{");
    } else {
        expect(fd, "\r\n\r\n");
    }
    return fd;
}

static double cpu_of(const char *pids) {
    char list[256], file[64], line[2048];
    double seconds = 0;
    snprintf(list, sizeof list, "%s", pids);
    for (char *pid = strtok(list, ","); pid; pid = strtok(NULL, ",")) {
        snprintf(file, sizeof file, "/proc/%s/stat", pid);
        FILE *f = fopen(file, "r");
        if (!f) continue;
        unsigned long user = 0, system = 0;
        if (fgets(line, sizeof line, f)) {
            sscanf(strrchr(line, ')') + 2,
                   "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
        }
        fclose(f);
        seconds += (double)(user + system) / sysconf(_SC_CLK_TCK);
    }
    return seconds;
}

static long rss_of(const char *pids) {
    char list[256], file[64];
    long kilobytes = 0;
    snprintf(list, sizeof list, "%s", pids);
    for (char *pid = strtok(list, ","); pid; pid = strtok(NULL, ",")) {
        snprintf(file, sizeof file, "/proc/%s/statm", pid);
        FILE *f = fopen(file, "r");
        long pages = 0;
        if (!f) continue;
        if (fscanf(f, "%*d %ld", &pages) == 1) kilobytes += pages * (sysconf(_SC_PAGESIZE) / 1024);
        fclose(f);
    }
    return kilobytes;
}

static double own_cpu(void) {
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static void count(uint64_t late) {
    double us = late < 1000 ? 1.0 : late / 1000.0;
    int bucket = (int)(log(us) / log(1.01));
    histogram[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
    delivered++;
}

static double percentile(double share) {
    uint64_t sum = 0;
    for (int i = 0; i < BUCKETS; i++) {
        sum += histogram[i];
        if (sum && sum >= delivered * share) return pow(1.01, i + 0.5) / 1000;
    }
    return -1;
}

/* Take what came and count the stamps in it. Returns 0 at the end of the connection. */
static int take(struct viewer *v) {
    memcpy(buffer, v->part, v->held);
    ssize_t got = recv(v->fd, buffer + v->held, sizeof buffer - STAMP, 0);
    if (got < 0 && errno == EAGAIN) return 1;
    if (got <= 0) return 0;
    char *at = buffer, *end = buffer + v->held + got;
    uint64_t t = now();
    v->held = 0;
    while ((at = memchr(at, '~', end - at))) {
        if (end - at < STAMP) {
            v->held = (int)(end - at);
            memcpy(v->part, at, v->held);
            break;
        }
        if (at[1] == 'T') {
            uint64_t made = 0;
            for (int i = 2; i < STAMP; i++) made = made * 10 + (at[i] - '0');
            count(t > made ? t - made : 0);
            at += STAMP;
        } else {
            at++;
        }
    }
    return 1;
}

/* Make one message as it is published. Returns its length. */
static size_t make(char *out, int size, uint64_t number, const char *subject) {
    char body[4096];
    int n;
    if (subject) {
        n = snprintf(body, sizeof body,
                     "{\"t\":\"chat\",\"id\":\"b-%llu\",\"by\":\"0123456789ab\",\"name\":\"Viewer\","
                     "\"role\":\"shopper\",\"text\":\"~T%019llu",
                     (unsigned long long)number, (unsigned long long)now());
        memset(body + n, 'x', size);
        n = size - 2;
        memcpy(body + n, "\"}", 2);
        n = size;
        int head = sprintf(out, "PUB %s %d\r\n", subject, n);
        memcpy(out + head, body, n);
        memcpy(out + head + n, "\r\n", 2);
        return head + n + 2;
    }
    int sio = !strcmp(protocol, "sio");
    n = sio ? sprintf(body, "42[\"pub\",\"") : 0;
    int start = n;
    n += sprintf(body + n, "~T%019llu", (unsigned long long)now());
    memset(body + n, 'x', size);
    n = start + size;
    if (sio) n += sprintf(body + n, "\"]");
    return frame(out, body, n);
}

int main(int argc, char **argv) {
    if (argc < 9) {
        fprintf(stderr, "see the top of load.c\n");
        return 1;
    }
    protocol = argv[1];
    int port = atoi(argv[2]), viewers = atoi(argv[3]), size = atoi(argv[6]);
    double seconds = atof(argv[4]), rate = atof(argv[5]);
    const char *pids = argv[7], *subject = argc > 10 ? argv[10] : NULL;
    FILE *paths = fopen(argv[8], "r");
    if (!paths) fail(argv[8]);

    long before = rss_of(pids);
    char path[2048] = "/";
    struct viewer *all = calloc(viewers, sizeof *all);
    int epoll = epoll_create1(0);
    uint64_t connecting = now();
    for (int i = 0; i < viewers; i++) {
        if (fgets(path, sizeof path, paths)) path[strcspn(path, "\n")] = 0;
        all[i].fd = open_socket(port, path);
        fcntl(all[i].fd, F_SETFL, O_NONBLOCK);
        struct epoll_event e = {.events = EPOLLIN, .data.u32 = i};
        epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].fd, &e);
    }
    double connected = (now() - connecting) / 1e9;
    long after = rss_of(pids);

    int publisher;
    if (subject) {
        publisher = dial(atoi(argv[9]));
        expect(publisher, "INFO");
        static const char hello[] = "CONNECT {\"verbose\":false}\r\n";
        write_all(publisher, hello, sizeof hello - 1);
    } else {
        publisher = open_socket(port, !strcmp(protocol, "sio") ? path : "/pub");
    }
    fcntl(publisher, F_SETFL, O_NONBLOCK);

    char beat[128], out[8192];
    const char *words = !strcmp(protocol, "sio")
        ? "42[\"beat\"]" : "{\"t\":\"beat\",\"watching\":true,\"playing\":true,\"positionMs\":1}";
    size_t beat_size = frame(beat, words, strlen(words)), left = 0;
    char *rest = out;
    uint64_t published = 0, made = 0, beats = 0;
    uint64_t start = now(), next = start, gap = (uint64_t)(SECOND / rate);
    uint64_t measure = start + (uint64_t)(WARM_UP * SECOND), end = 0;
    double cpu = 0, mine = 0;
    struct epoll_event events[512];
    for (;;) {
        uint64_t t = now();
        if (!end && t >= measure) {
            measure = t;
            end = t + (uint64_t)(seconds * SECOND);
            delivered = published = 0;
            memset(histogram, 0, sizeof histogram);
            cpu = cpu_of(pids);
            mine = own_cpu();
        }
        if (end && t >= end) break;
        while (t >= next) {
            next += gap;
            if (left) continue; /* the server does not take them: fewer are published */
            left = make(out, size, made++, subject);
            rest = out;
            published++;
            while (left) {
                ssize_t done = send(publisher, rest, left, MSG_NOSIGNAL);
                if (done < 0) break;
                rest += done;
                left -= done;
            }
        }
        while (left) {
            ssize_t done = send(publisher, rest, left, MSG_NOSIGNAL);
            if (done < 0) break;
            rest += done;
            left -= done;
        }
        while (recv(publisher, buffer, sizeof buffer, 0) > 0) continue;
        for (uint64_t due = (t - start) / 1e9 / BEAT_EVERY * viewers; beats < due; beats++)
            send(all[beats % viewers].fd, beat, beat_size, MSG_NOSIGNAL);
        int ready = epoll_wait(epoll, events, 512, 1);
        for (int i = 0; i < ready; i++) {
            struct viewer *v = &all[events[i].data.u32];
            if (!take(v)) {
                closed_early++;
                epoll_ctl(epoll, EPOLL_CTL_DEL, v->fd, NULL);
            }
        }
    }
    double elapsed = (now() - measure) / 1e9;
    printf("{\"delivered\":%llu,\"published\":%llu,\"seconds\":%.3f,\"p50\":%.2f,\"p99\":%.2f,"
           "\"cpu\":%.3f,\"clientCpu\":%.3f,\"connected\":%.2f,\"kbPerViewer\":%.1f,\"closed\":%llu}\n",
           (unsigned long long)delivered, (unsigned long long)published, elapsed, percentile(.5),
           percentile(.99), cpu_of(pids) - cpu, own_cpu() - mine, connected,
           (double)(after - before) / viewers, (unsigned long long)closed_early);
    return 0;
}
