#include "vigie/net/address.hpp"

#include <doctest/doctest.h>

using namespace vigie;
using namespace vigie::net;

TEST_CASE("addresses of the public internet") {
    for (const std::string_view text :
         {"1.1.1.1",         "8.8.8.8",          "9.255.255.255",   "11.0.0.0",        "100.63.255.255",       "100.128.0.0",
          "126.255.255.255", "128.0.0.1",        "169.253.255.255", "172.15.255.255",  "172.32.0.0",           "192.167.255.255",
          "192.169.0.0",     "198.17.255.255",   "198.20.0.0",      "223.255.255.255", "2606:4700:4700::1111", "2a00:1450:4007::200e",
          "::ffff:8.8.8.8",  "64:ff9b::808:808", "2002:808:808::1", "2001:200::1"}) {
        CHECK_MESSAGE(is_public_address(text), text);
    }
}

TEST_CASE("addresses that nobody outside may make us call") {
    for (const std::string_view text : {"0.0.0.0",
                                        "0.1.2.3",
                                        "10.0.0.1",
                                        "100.64.0.1",
                                        "100.127.255.255",
                                        "127.0.0.1",
                                        "127.255.255.255",
                                        "169.254.169.254",
                                        "172.16.0.1",
                                        "172.31.255.255",
                                        "192.0.0.8",
                                        "192.0.2.1",
                                        "192.88.99.1",
                                        "192.168.1.1",
                                        "198.18.0.1",
                                        "198.19.255.255",
                                        "198.51.100.7",
                                        "203.0.113.9",
                                        "224.0.0.1",
                                        "239.1.2.3",
                                        "240.0.0.1",
                                        "255.255.255.255",
                                        "::",
                                        "::1",
                                        "::ffff:127.0.0.1",
                                        "::ffff:7f00:1",
                                        "::ffff:10.0.0.1",
                                        "::127.0.0.1",
                                        "64:ff9b::7f00:1",
                                        "64:ff9b::a9fe:a9fe",
                                        "64:ff9b:1::1",
                                        "100::1",
                                        "2001::1",
                                        "2001:10::1",
                                        "2001:db8::1",
                                        "2002:7f00:1::",
                                        "2002:a00:1::1",
                                        "3fff::1",
                                        "5f00::1",
                                        "fc00::1",
                                        "fd12:3456::1",
                                        "fe80::1",
                                        "fec0::1",
                                        "ff02::1"}) {
        CHECK_MESSAGE(!is_public_address(text), text);
    }
}

TEST_CASE("what is no numeric address is not public") {
    const std::string cut("8.8.8.8\0.evil", 13);
    for (const std::string_view text :
         {std::string_view(""), std::string_view("localhost"), std::string_view("127.1"), std::string_view("0x7f.1"),
          std::string_view("2130706433"), std::string_view("8.8.8.8 "), std::string_view("fe80::1%eth0"), std::string_view("[::1]"),
          std::string_view("8.8.8"), std::string_view("08.8.8.8"), std::string_view(cut)}) {
        CHECK_MESSAGE(!is_public_address(text), text);
    }
    CHECK_FALSE(is_public_address(std::string(1000, '1')));
}
