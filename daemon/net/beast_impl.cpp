// The bodies of Beast's HTTP parser, compiled once for the whole project.
#include <boost/beast/src.hpp>
